-- The books: what became of the records of each tenant, by source (a spool, a daemon, an import), added in the
-- transaction that stores them. A sum is spread over lanes, one per writing connection, so that parallel transactions do
-- not wait for each other's row. Every commit changes a few of these rows: the room left in each page lets it be
-- cleaned up on the spot.
CREATE TABLE accounting (
  source text COLLATE "C" NOT NULL,
  lane   smallint NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  what   text COLLATE "C" NOT NULL,
  n      bigint NOT NULL,
  PRIMARY KEY (source, tenant, what, lane)
) WITH (fillfactor = 20);

-- What was stored before there were books.
INSERT INTO accounting
  SELECT 'opening balance', 0, tenant, what, count(*) FROM logs, (VALUES ('received'), ('stored')) AS ends (what)
  GROUP BY tenant, what;

-- How far the records of each source (a spool) have come; moved in the transaction that stores them.
CREATE TABLE spool_positions (
  source     text COLLATE "C" PRIMARY KEY,
  position   bigint NOT NULL,
  updated_at timestamptz NOT NULL
) WITH (fillfactor = 20);
