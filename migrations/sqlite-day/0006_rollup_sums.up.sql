-- How many records of the whole day there are of each tenant, service, level, event type and event name: what the roll-ups
-- add up to. `day` is its start in microseconds.
CREATE TABLE rollup_sums (
  day        INTEGER NOT NULL,
  tenant     TEXT NOT NULL,
  service    TEXT NOT NULL,
  level      TEXT NOT NULL,
  event_type TEXT NOT NULL,
  event_name TEXT NOT NULL,
  n          INTEGER NOT NULL,
  PRIMARY KEY (day, tenant, service, level, event_type, event_name)
) STRICT, WITHOUT ROWID;

-- 1: the sums are those of the roll-ups as they are now; 2: they are not worth keeping; 0: they say nothing. Upkeep sets it
-- for closed days, and whatever changes the counts of the day takes it back.
ALTER TABLE rollup_state ADD COLUMN summed INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER logs_uncount;
CREATE TRIGGER logs_uncount AFTER DELETE ON logs BEGIN
  INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n)
    SELECT OLD.timestamp - ((OLD.timestamp % 60000000) + 60000000) % 60000000, OLD.tenant, coalesce(OLD.service, ''),
           coalesce(OLD.level, ''), coalesce(OLD.event_type, ''), coalesce(OLD.event_name, ''), -1
    FROM rollup_state WHERE NOT stale
    ON CONFLICT DO UPDATE SET n = n - 1;
  UPDATE rollup_state SET generation = generation + 1 WHERE stale OR coarse;
  UPDATE rollup_state SET summed = 0 WHERE summed;
END;
