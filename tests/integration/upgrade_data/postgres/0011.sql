INSERT INTO rollup_marks VALUES ('2026-01-01', '2026-01-01 15:00:00Z', true);
