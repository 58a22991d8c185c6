-- The roll-ups of a coarse day are right by whole hours only: some rows count a minute, some the hour that begins with it.
ALTER TABLE rollup_state ADD COLUMN coarse INTEGER NOT NULL DEFAULT 0;
-- What had too many minutes for good may be worth its hours.
UPDATE rollup_state SET marked_at = 0 WHERE stale AND marked_at = 9223372036854775807;

-- Of a coarse day there may be no row for the minute of what is deleted: one below nothing makes the hour right.
DROP TRIGGER logs_uncount;
CREATE TRIGGER logs_uncount AFTER DELETE ON logs BEGIN
  INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n)
    SELECT OLD.timestamp - ((OLD.timestamp % 60000000) + 60000000) % 60000000, OLD.tenant, coalesce(OLD.service, ''),
           coalesce(OLD.level, ''), coalesce(OLD.event_type, ''), coalesce(OLD.event_name, ''), -1
    FROM rollup_state WHERE NOT stale
    ON CONFLICT DO UPDATE SET n = n - 1;
  UPDATE rollup_state SET generation = generation + 1 WHERE stale OR coarse;
END;
