DROP TRIGGER logs_uncount;
DROP TABLE rollup_state;
DROP TABLE rollups;
