INSERT INTO rollups VALUES (1767272400000000, 'default', '', '', '', '', 1);
UPDATE rollup_state SET stale = 1, generation = generation + 1, marked_at = 1767272400000000;
