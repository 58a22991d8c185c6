-- A day with index files beside it. The token says which of them belong to what is in this file; it changes whenever
-- noted times are forgotten.
CREATE TABLE index_mark (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  token    TEXT NOT NULL
) STRICT;

-- Times of records that came after the mark was set, so that no index file needs to know them at once.
CREATE TABLE late_rows (
  id        INTEGER PRIMARY KEY,
  timestamp INTEGER NOT NULL
) STRICT;
