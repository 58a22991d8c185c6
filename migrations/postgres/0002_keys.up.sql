-- API keys; the secret itself is never stored.
CREATE TABLE api_keys (
  id           text PRIMARY KEY,
  secret_hash  text NOT NULL UNIQUE,
  name         text NOT NULL,
  scopes       text NOT NULL,
  tenant       text NOT NULL,
  rps          double precision,
  burst        bigint,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  use_count    bigint NOT NULL DEFAULT 0
);

-- One row, counted up in the transaction that adds, changes or revokes a key, so that every process notices.
-- A trigger, so that a key changed by hand counts too; reporting the use of a key does not.
CREATE TABLE api_key_changes (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  changes  bigint NOT NULL
);
INSERT INTO api_key_changes (changes) VALUES (0);

CREATE FUNCTION count_api_key_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE api_key_changes SET changes = changes + 1;
  RETURN NULL;
END
$$;
CREATE TRIGGER api_keys_changed
  AFTER INSERT OR DELETE OR TRUNCATE OR
        UPDATE OF id, secret_hash, name, scopes, tenant, rps, burst, created_at, expires_at, revoked_at
  ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION count_api_key_change();
