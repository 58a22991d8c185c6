ALTER TABLE rollup_marks DROP COLUMN coarse;
