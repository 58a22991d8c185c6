-- Counts of the minutes, one of them not yet merged, and a day that is to be counted again.
INSERT INTO rollups VALUES ('2026-01-01 13:00:00Z', 'default', NULL, NULL, NULL, NULL, 1);
INSERT INTO rollup_deltas VALUES ('2026-01-01 12:00:00Z', 'other', 'shop', 'info', NULL, NULL, 1);
INSERT INTO rollup_days VALUES ('2026-01-01', 'logs_20260101'::regclass::oid);
INSERT INTO rollup_marks VALUES ('2026-01-01', '2026-01-01 14:00:00Z');
