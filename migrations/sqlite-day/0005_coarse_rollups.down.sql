UPDATE rollup_state SET stale = 1 WHERE coarse;
DROP TRIGGER logs_uncount;
ALTER TABLE rollup_state DROP COLUMN coarse;
CREATE TRIGGER logs_uncount AFTER DELETE ON logs BEGIN
  UPDATE rollups SET n = n - 1
    WHERE minute = OLD.timestamp - ((OLD.timestamp % 60000000) + 60000000) % 60000000 AND tenant = OLD.tenant
      AND service = coalesce(OLD.service, '') AND level = coalesce(OLD.level, '')
      AND event_type = coalesce(OLD.event_type, '') AND event_name = coalesce(OLD.event_name, '');
  UPDATE rollup_state SET generation = generation + 1 WHERE stale;
END;
