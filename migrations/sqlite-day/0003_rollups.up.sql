-- How many records of this day there are of each minute (its start in microseconds), tenant, service, level, event type and
-- event name; absent text is ''. Kept in the transaction that stores the records.
CREATE TABLE rollups (
  minute     INTEGER NOT NULL,
  tenant     TEXT NOT NULL,
  service    TEXT NOT NULL,
  level      TEXT NOT NULL,
  event_type TEXT NOT NULL,
  event_name TEXT NOT NULL,
  n          INTEGER NOT NULL,
  PRIMARY KEY (minute, tenant, service, level, event_type, event_name)
) STRICT, WITHOUT ROWID;

-- A stale day's roll-ups say nothing: its rows are counted, until upkeep has counted them into the table again. The
-- generation grows with everything that is stored in a stale day.
CREATE TABLE rollup_state (
  only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
  stale      INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  marked_at  INTEGER NOT NULL
) STRICT;
INSERT INTO rollup_state SELECT 1, EXISTS (SELECT 1 FROM logs), 0, 0;

-- Rows that are deleted, by whomever, are subtracted.
CREATE TRIGGER logs_uncount AFTER DELETE ON logs BEGIN
  UPDATE rollups SET n = n - 1
    WHERE minute = OLD.timestamp - ((OLD.timestamp % 60000000) + 60000000) % 60000000 AND tenant = OLD.tenant
      AND service = coalesce(OLD.service, '') AND level = coalesce(OLD.level, '')
      AND event_type = coalesce(OLD.event_type, '') AND event_name = coalesce(OLD.event_name, '');
  UPDATE rollup_state SET generation = generation + 1 WHERE stale;
END;
