-- One UTC day of records. Times are microseconds since 1970, UTC. Absent text is NULL.
-- The key is the identity, the order of time and the position in keyset pages, all in one index.
CREATE TABLE logs (
  timestamp       INTEGER NOT NULL,
  event_id        TEXT NOT NULL,
  tenant          TEXT NOT NULL,
  received_at     INTEGER NOT NULL,
  processed_at    INTEGER,
  service         TEXT,
  level           TEXT,
  message         TEXT,
  event_type      TEXT,
  event_name      TEXT,
  user_id         TEXT,
  session_id      TEXT,
  app_version     TEXT,
  host            TEXT,
  trace_id        TEXT,
  span_id         TEXT,
  sequence_number INTEGER,
  priority        TEXT NOT NULL,
  properties      TEXT,
  device_info     TEXT,
  PRIMARY KEY (timestamp, event_id, tenant)
) STRICT, WITHOUT ROWID;

-- Ids of records that came without a time: a retry has another time and is recognised here.
CREATE TABLE recent_ids (
  event_id  TEXT NOT NULL,
  tenant    TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  seen_at   INTEGER NOT NULL,
  PRIMARY KEY (event_id, tenant)
) STRICT, WITHOUT ROWID;

-- How many rows each tenant has in `logs`, kept by whoever adds or removes rows, in the same
-- transaction: counting a day would read the whole file.
CREATE TABLE tenant_rows (
  tenant TEXT PRIMARY KEY,
  rows   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
