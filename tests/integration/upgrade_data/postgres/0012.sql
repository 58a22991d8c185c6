-- A record that was deleted from a hypertable, as the function of this step notes it.
INSERT INTO rollup_deltas VALUES ('2026-01-01 13:00:00Z', 'gone', NULL, NULL, NULL, NULL, -1);
