-- meta.sqlite: files that were loaded, and what of them. Times are microseconds since 1970, UTC; offsets count
-- bytes of text, after decompression.
CREATE TABLE imports (
  tenant       TEXT NOT NULL,
  file         TEXT NOT NULL,
  id           TEXT NOT NULL,
  size         INTEGER NOT NULL,
  modified_at  INTEGER NOT NULL,
  inode        INTEGER NOT NULL,
  head_sha256  TEXT NOT NULL,
  tail_sha256  TEXT NOT NULL,
  started_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  finished_at  INTEGER,
  tool_version TEXT NOT NULL,
  PRIMARY KEY (tenant, file, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_ranges (
  tenant     TEXT NOT NULL,
  file       TEXT NOT NULL,
  id         TEXT NOT NULL,
  begin_at   INTEGER NOT NULL,
  end_at     INTEGER NOT NULL,
  lines      INTEGER NOT NULL,
  stored     INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  rejected   INTEGER NOT NULL,
  PRIMARY KEY (tenant, file, id, begin_at)
) STRICT, WITHOUT ROWID;
