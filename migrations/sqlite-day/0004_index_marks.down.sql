DROP TABLE late_rows;
DROP TABLE index_mark;
