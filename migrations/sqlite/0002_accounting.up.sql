-- The part of the books that belongs to no day: records that were rejected before they reached the store.
CREATE TABLE accounting (
  source TEXT NOT NULL,
  tenant TEXT NOT NULL,
  what   TEXT NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (source, tenant, what)
) STRICT, WITHOUT ROWID;
