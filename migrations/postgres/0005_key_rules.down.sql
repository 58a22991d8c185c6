-- A key that was bound to some rows must not come to see all of them.
UPDATE api_keys SET revoked_at = now() WHERE only_rows <> '' AND revoked_at IS NULL;

DROP TRIGGER api_keys_changed ON api_keys;
ALTER TABLE api_keys
  DROP COLUMN records_rate,
  DROP COLUMN records_burst,
  DROP COLUMN bytes_rate,
  DROP COLUMN bytes_burst,
  DROP COLUMN only_rows,
  DROP COLUMN replaced_by;
CREATE TRIGGER api_keys_changed
  AFTER INSERT OR DELETE OR TRUNCATE OR
        UPDATE OF id, secret_hash, name, scopes, tenant, rps, burst, created_at, expires_at, revoked_at
  ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION count_api_key_change();
