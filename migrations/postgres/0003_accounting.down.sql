DROP TABLE spool_positions;
DROP TABLE accounting;
