-- Before this, the program moves the rows of a hypertable into day partitions.
DROP FUNCTION uncount_deleted_row();
