-- meta.sqlite: which indexes closed days shall have beside what storage.indexes says. `day` as 2026-01-31, empty for
-- all days; a row for a day goes before one for all.
CREATE TABLE index_choices (
  field  TEXT NOT NULL,
  day    TEXT NOT NULL,
  wanted INTEGER NOT NULL,
  PRIMARY KEY (field, day)
) STRICT, WITHOUT ROWID;
