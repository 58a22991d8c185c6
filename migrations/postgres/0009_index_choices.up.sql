-- Which indexes closed days shall have beside what storage.indexes says. `day` as 2026-01-31, empty for all days; a row
-- for a day goes before one for all.
CREATE TABLE index_choices (
  field  text COLLATE "C" NOT NULL,
  day    text COLLATE "C" NOT NULL,
  wanted boolean NOT NULL,
  PRIMARY KEY (field, day)
);
