-- meta.sqlite: API keys. Times are microseconds since 1970, UTC.
CREATE TABLE api_keys (
  id           TEXT PRIMARY KEY,
  secret_hash  TEXT NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  scopes       TEXT NOT NULL,
  tenant       TEXT NOT NULL,
  rps          REAL,
  burst        INTEGER,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  revoked_at   INTEGER,
  last_used_at INTEGER,
  use_count    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- One row, counted up in the transaction that adds or revokes a key, so that every process notices.
CREATE TABLE api_key_changes (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  changes  INTEGER NOT NULL
) STRICT;
INSERT INTO api_key_changes VALUES (1, 0);
