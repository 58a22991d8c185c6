-- Files that were loaded, and what of them: a run that was ended goes on where it stopped, a finished file is not
-- loaded twice. Offsets count bytes of text, after decompression.
CREATE TABLE imports (
  tenant       text NOT NULL,
  file         text NOT NULL,
  id           text NOT NULL,
  size         bigint NOT NULL,
  modified_at  timestamptz NOT NULL,
  inode        bigint NOT NULL,
  head_sha256  text NOT NULL,
  tail_sha256  text NOT NULL,
  started_at   timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL,
  finished_at  timestamptz,
  tool_version text NOT NULL,
  PRIMARY KEY (tenant, file, id)
);

CREATE TABLE import_ranges (
  tenant     text NOT NULL,
  file       text NOT NULL,
  id         text NOT NULL,
  begin_at   bigint NOT NULL,
  end_at     bigint NOT NULL,
  lines      bigint NOT NULL,
  stored     bigint NOT NULL,
  duplicates bigint NOT NULL,
  rejected   bigint NOT NULL,
  PRIMARY KEY (tenant, file, id, begin_at),
  FOREIGN KEY (tenant, file, id) REFERENCES imports ON DELETE CASCADE
);
