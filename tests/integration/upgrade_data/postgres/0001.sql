-- What a daemon of version 1 of the schema leaves behind: a day with records, an id that came without a time.
CREATE TABLE logs_20260101 (LIKE logs INCLUDING ALL);
ALTER TABLE logs ATTACH PARTITION logs_20260101 FOR VALUES FROM ('2026-01-01 00:00:00Z') TO ('2026-01-02 00:00:00Z');
INSERT INTO logs (timestamp, event_id, tenant, received_at, service, level, message, sequence_number, properties) VALUES
  ('2026-01-01 10:00:00.123456Z', 'one', 'default', '2026-01-01 10:00:01Z', 'shop', 'error', 'first', 42, '{"n": 42, "none": null}'),
  ('2026-01-01 11:00:00Z', 'two', 'default', '2026-01-01 11:00:00Z', NULL, NULL, 'ünïcode', NULL, NULL),
  ('2026-01-01 12:00:00Z', 'three', 'other', '2026-01-01 12:00:00Z', 'shop', 'info', '', NULL, NULL);
INSERT INTO recent_ids VALUES ('two', 'default', '2026-01-01 11:00:00Z', '2026-01-01 11:00:00Z');
