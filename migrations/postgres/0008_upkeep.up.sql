-- What maintenance did last, one row per task.
CREATE TABLE maintenance_tasks (
  name         text COLLATE "C" PRIMARY KEY,
  started_at   timestamptz NOT NULL,
  finished_at  timestamptz,
  succeeded_at timestamptz,
  took_us      bigint NOT NULL,
  done         text NOT NULL,
  error        text NOT NULL,
  ran_by       text NOT NULL
);

-- How long records are kept. An empty tenant means every one, an empty match is the default.
CREATE TABLE retention_rules (
  tenant text COLLATE "C" NOT NULL,
  match  text COLLATE "C" NOT NULL,
  age_us bigint NOT NULL CHECK (age_us > 0),
  set_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, match)
);

-- Who deleted what by a query.
CREATE TABLE deletions (
  id          text COLLATE "C" PRIMARY KEY,
  tenant      text NOT NULL,
  query       text NOT NULL,
  ran_by      text NOT NULL,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  planned     bigint NOT NULL,
  deleted     bigint NOT NULL
);

-- The days that maintenance has passed over, and what they were like then.
CREATE TABLE passed_days (
  day  date PRIMARY KEY,
  mark text NOT NULL
);
