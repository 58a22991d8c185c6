-- The roll-ups of a day with a coarse mark, and no other kind of mark, are right by whole hours only: some rows count a
-- minute, some the hour that begins with it.
ALTER TABLE rollup_marks ADD COLUMN coarse boolean NOT NULL DEFAULT false;
-- What had too many minutes for good may be worth its hours.
UPDATE rollup_marks SET marked_at = to_timestamp(0) WHERE marked_at = 'infinity';
