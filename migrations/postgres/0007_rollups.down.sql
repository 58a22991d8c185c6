DROP FUNCTION uncount_deleted() CASCADE;
DROP FUNCTION forget_counts() CASCADE;
DROP TABLE rollup_marks;
DROP TABLE rollup_days;
DROP TABLE rollup_deltas;
DROP TABLE rollups;
