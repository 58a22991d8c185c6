DROP TABLE recent_ids;
DROP TABLE logs;
