-- meta.sqlite: streams of messages. Times are nanoseconds since 1970, UTC, created_at is in microseconds. Counters and
-- last positions are kept in the transactions that add messages.

-- A namespace without an id was deleted or cleared: nobody sees it, and its messages are deleted bit by bit.
CREATE TABLE message_namespaces (
  ns                   INTEGER PRIMARY KEY,
  id                   TEXT UNIQUE,
  token_hash           TEXT NOT NULL,
  description          TEXT NOT NULL,
  metadata             TEXT,
  created_at           INTEGER NOT NULL,
  last_global_position INTEGER NOT NULL DEFAULT 0,
  messages             INTEGER NOT NULL DEFAULT 0,
  streams              INTEGER NOT NULL DEFAULT 0,
  last_activity        INTEGER
) STRICT;

CREATE TABLE message_categories (
  category INTEGER PRIMARY KEY,
  ns       INTEGER NOT NULL,
  name     TEXT NOT NULL,
  streams  INTEGER NOT NULL DEFAULT 0,
  messages INTEGER NOT NULL DEFAULT 0,
  UNIQUE (ns, name)
) STRICT;

-- group_hash says which member of a consumer group gets the stream; a stream without an id has none.
CREATE TABLE message_streams (
  stream        INTEGER PRIMARY KEY,
  ns            INTEGER NOT NULL,
  category      INTEGER NOT NULL,
  name          TEXT NOT NULL,
  group_hash    INTEGER,
  version       INTEGER NOT NULL,
  last_activity INTEGER NOT NULL,
  UNIQUE (ns, name)
) STRICT;

-- What is long comes last: reading what is before it does not touch it.
CREATE TABLE messages (
  ns              INTEGER NOT NULL,
  global_position INTEGER NOT NULL,
  stream          INTEGER NOT NULL,
  position        INTEGER NOT NULL,
  category        INTEGER NOT NULL,
  time            INTEGER NOT NULL,
  id              TEXT NOT NULL,
  type            TEXT NOT NULL,
  correlation     TEXT,
  metadata        TEXT,
  data            TEXT NOT NULL,
  PRIMARY KEY (ns, global_position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX messages_id ON messages (ns, id);
CREATE UNIQUE INDEX messages_stream ON messages (stream, position);
CREATE INDEX messages_category ON messages (category, global_position);
