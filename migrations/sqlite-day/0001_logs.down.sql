DROP TABLE tenant_rows;
DROP TABLE recent_ids;
DROP TABLE logs;
