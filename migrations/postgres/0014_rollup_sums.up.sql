-- How many records of each day there are of each tenant, service, level, event type and event name: always what the rows
-- of rollups add up to. `day` is its start. Merging only adds rows, loose ones, and puts those of a day together when
-- half of them are loose.
CREATE TABLE rollup_sums (
  day        timestamptz NOT NULL,
  tenant     text COLLATE "C" NOT NULL,
  service    text,
  level      text,
  event_type text,
  event_name text,
  n          bigint NOT NULL,
  loose      boolean NOT NULL
);
-- Nobody merges meanwhile.
SELECT pg_advisory_xact_lock(hashtext('logctl rollups'), 'rollups'::regclass::oid::int4);
INSERT INTO rollup_sums
  SELECT date_trunc('day', minute AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', tenant, service, level, event_type, event_name,
         sum(n), false
  FROM rollups GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0;
CREATE INDEX rollup_sums_day ON rollup_sums (day, tenant);
CREATE INDEX rollup_sums_loose ON rollup_sums (day) WHERE loose;
