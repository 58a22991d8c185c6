-- One row per record, cut into partitions of one UTC day that the program makes when they are needed.
-- The key is the identity, the order of time and the position in keyset pages, all in one index.
-- "C" is the byte order that the embedded store has.
CREATE TABLE logs (
  timestamp       timestamptz NOT NULL,
  event_id        text COLLATE "C" NOT NULL,
  tenant          text COLLATE "C" NOT NULL DEFAULT 'default',
  received_at     timestamptz NOT NULL,
  service         text,
  level           text,
  message         text,
  event_type      text,
  event_name      text,
  user_id         text,
  session_id      text,
  app_version     text,
  host            text,
  trace_id        text,
  span_id         text,
  sequence_number bigint,
  priority        text NOT NULL DEFAULT 'normal',
  properties      jsonb,
  device_info     jsonb,
  processed_at    timestamptz,
  PRIMARY KEY (timestamp, event_id, tenant)
) PARTITION BY RANGE (timestamp);

-- Ids of records that came without a time: a retry has another time and is recognised here.
CREATE TABLE recent_ids (
  event_id  text COLLATE "C" NOT NULL,
  tenant    text COLLATE "C" NOT NULL,
  timestamp timestamptz NOT NULL,
  seen_at   timestamptz NOT NULL,
  PRIMARY KEY (event_id, tenant)
);
CREATE INDEX recent_ids_seen_at ON recent_ids (seen_at);
