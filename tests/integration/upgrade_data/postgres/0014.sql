-- Sums of a day: put together, and merged since.
INSERT INTO rollup_sums VALUES ('2026-01-01 00:00:00Z', 'default', NULL, NULL, NULL, NULL, 1, false);
INSERT INTO rollup_sums VALUES ('2026-01-01 00:00:00Z', 'other', 'shop', 'info', NULL, NULL, 1, true);
