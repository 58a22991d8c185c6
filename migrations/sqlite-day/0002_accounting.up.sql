-- The books of this day: what became of the records of each tenant, by source (a daemon, an import), added in the
-- transaction that stores them.
CREATE TABLE accounting (
  source TEXT NOT NULL,
  tenant TEXT NOT NULL,
  what   TEXT NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (source, tenant, what)
) STRICT, WITHOUT ROWID;

-- What was stored before there were books.
INSERT INTO accounting
  SELECT 'opening balance', tenant, what, rows FROM tenant_rows, (SELECT 'received' AS what UNION ALL SELECT 'stored');
