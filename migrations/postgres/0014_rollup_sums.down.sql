DROP TABLE rollup_sums;
