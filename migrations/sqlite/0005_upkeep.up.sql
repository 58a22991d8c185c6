-- meta.sqlite: what maintenance did last, one row per task. Times are microseconds since 1970, UTC.
CREATE TABLE maintenance_tasks (
  name         TEXT PRIMARY KEY,
  started_at   INTEGER NOT NULL,
  finished_at  INTEGER,
  succeeded_at INTEGER,
  took_us      INTEGER NOT NULL,
  done         TEXT NOT NULL,
  error        TEXT NOT NULL,
  ran_by       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How long records are kept. An empty tenant means every one, an empty match is the default.
CREATE TABLE retention_rules (
  tenant TEXT NOT NULL,
  match  TEXT NOT NULL,
  age_us INTEGER NOT NULL CHECK (age_us > 0),
  set_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, match)
) STRICT, WITHOUT ROWID;

-- Who deleted what by a query.
CREATE TABLE deletions (
  id          TEXT PRIMARY KEY,
  tenant      TEXT NOT NULL,
  query       TEXT NOT NULL,
  ran_by      TEXT NOT NULL,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER,
  planned     INTEGER NOT NULL,
  deleted     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The days that maintenance has passed over, and what they were like then.
CREATE TABLE passed_days (
  day  TEXT PRIMARY KEY,
  mark TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Day files that were removed and whose books are in `accounting` here: the token is in the name that a file gets
-- before it is removed, so that a run that was cut off is finished without booking it twice.
CREATE TABLE removed_days (
  token      TEXT PRIMARY KEY,
  day        TEXT NOT NULL,
  rows       INTEGER NOT NULL,
  removed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
