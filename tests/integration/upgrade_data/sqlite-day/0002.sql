INSERT INTO logs (timestamp, event_id, tenant, received_at, priority) VALUES (1767272400000000, 'four', 'default', 1767272400000000, 'normal');
UPDATE tenant_rows SET rows = rows + 1 WHERE tenant = 'default';
INSERT INTO accounting VALUES ('a-daemon', 'default', 'received', 1), ('a-daemon', 'default', 'stored', 1);
