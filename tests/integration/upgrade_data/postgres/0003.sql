-- A record that a daemon stored, with its share of the books, and how far its spool has come.
INSERT INTO logs (timestamp, event_id, tenant, received_at) VALUES ('2026-01-01 13:00:00Z', 'four', 'default', '2026-01-01 13:00:00Z');
INSERT INTO accounting VALUES ('a-daemon', 0, 'default', 'received', 1), ('a-daemon', 1, 'default', 'stored', 1);
INSERT INTO spool_positions VALUES ('a-daemon', 17, '2026-01-01 13:00:00Z');
