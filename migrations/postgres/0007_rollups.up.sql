-- How many records there are of each minute, tenant, service, level, event type and event name. Writers only add rows to
-- rollup_deltas, in the transaction that stores the records; reading sums both tables; upkeep moves the deltas to rollups.
CREATE TABLE rollups (
  minute     timestamptz NOT NULL,
  tenant     text COLLATE "C" NOT NULL,
  service    text,
  level      text,
  event_type text,
  event_name text,
  n          bigint NOT NULL
);
CREATE INDEX rollups_minute ON rollups (minute, tenant);

CREATE TABLE rollup_deltas (
  minute     timestamptz NOT NULL,
  tenant     text COLLATE "C" NOT NULL,
  service    text,
  level      text,
  event_type text,
  event_name text,
  n          bigint NOT NULL
);
CREATE INDEX rollup_deltas_minute ON rollup_deltas (minute);

-- A day whose roll-ups can be believed: of this very partition, and without a mark. A transaction whose records fall into
-- too many groups leaves a mark in place of deltas; counting the day again takes the marks away that it saw.
CREATE TABLE rollup_days (
  day       date PRIMARY KEY,
  partition oid NOT NULL
);
CREATE TABLE rollup_marks (
  day       date NOT NULL,
  marked_at timestamptz NOT NULL
);
CREATE INDEX rollup_marks_day ON rollup_marks (day);

-- Rows that are deleted, by whomever, are subtracted.
CREATE FUNCTION uncount_deleted() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO rollup_deltas (minute, tenant, service, level, event_type, event_name, n)
    SELECT date_trunc('minute', timestamp AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', tenant, service, level, event_type,
           event_name, -count(*)
    FROM gone GROUP BY 1, 2, 3, 4, 5, 6;
  RETURN NULL;
END
$$;
-- After a TRUNCATE every day is counted again.
CREATE FUNCTION forget_counts() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM rollup_days;
  RETURN NULL;
END
$$;
CREATE TRIGGER logs_uncount AFTER DELETE ON logs REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION uncount_deleted();
CREATE TRIGGER logs_forget_counts AFTER TRUNCATE ON logs FOR EACH STATEMENT EXECUTE FUNCTION forget_counts();
