-- Sums of what is stale, and so not asked for.
INSERT INTO rollup_sums VALUES (1767225600000000, 'default', '', '', '', '', 1);
UPDATE rollup_state SET summed = 1;
