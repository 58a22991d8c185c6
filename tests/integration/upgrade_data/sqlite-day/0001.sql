-- Of 2026-01-01, in microseconds.
INSERT INTO logs (timestamp, event_id, tenant, received_at, service, level, message, sequence_number, priority, properties) VALUES
  (1767261600123456, 'one', 'default', 1767261601000000, 'shop', 'error', 'first', 42, 'normal', '{"n":42,"none":null}'),
  (1767265200000000, 'two', 'default', 1767265200000000, NULL, NULL, 'ünïcode', NULL, 'normal', NULL),
  (1767268800000000, 'three', 'other', 1767268800000000, 'shop', 'info', NULL, NULL, 'normal', NULL);
INSERT INTO recent_ids VALUES ('two', 'default', 1767265200000000, 1767265200000000);
INSERT INTO tenant_rows VALUES ('default', 2), ('other', 1);
