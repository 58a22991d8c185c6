-- How a backup knows that a closed day is still what it exported, without reading it. A day is sealed under a random
-- token, and triggers on its partition note a change in the transaction that makes it. One row per day and transaction.
CREATE TABLE backup_seals (
  partition text PRIMARY KEY,
  token     text NOT NULL,
  sealed_at timestamptz NOT NULL
);

CREATE TABLE backup_changes (
  partition  text NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX backup_changes_partition ON backup_changes (partition);

-- The setting remembers, until the transaction or savepoint ends, that the change is noted.
CREATE FUNCTION note_backup_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF coalesce(current_setting('logctl.' || TG_TABLE_NAME, true), '') <> 'noted' THEN
    INSERT INTO backup_changes (partition, changed_at) VALUES (TG_TABLE_NAME, now());
    PERFORM set_config('logctl.' || TG_TABLE_NAME, 'noted', true);
  END IF;
  RETURN NULL;
END
$$;
