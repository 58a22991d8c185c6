DROP TRIGGER logs_uncount;
ALTER TABLE rollup_state DROP COLUMN summed;
DROP TABLE rollup_sums;
CREATE TRIGGER logs_uncount AFTER DELETE ON logs BEGIN
  INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n)
    SELECT OLD.timestamp - ((OLD.timestamp % 60000000) + 60000000) % 60000000, OLD.tenant, coalesce(OLD.service, ''),
           coalesce(OLD.level, ''), coalesce(OLD.event_type, ''), coalesce(OLD.event_name, ''), -1
    FROM rollup_state WHERE NOT stale
    ON CONFLICT DO UPDATE SET n = n - 1;
  UPDATE rollup_state SET generation = generation + 1 WHERE stale OR coarse;
END;
