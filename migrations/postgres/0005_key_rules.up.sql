-- What a key may use (records and bytes a second), which rows it may read, and which key takes its place.
ALTER TABLE api_keys
  ADD COLUMN records_rate  double precision,
  ADD COLUMN records_burst bigint,
  ADD COLUMN bytes_rate    double precision,
  ADD COLUMN bytes_burst   bigint,
  ADD COLUMN only_rows     text NOT NULL DEFAULT '',
  ADD COLUMN replaced_by   text;

DROP TRIGGER api_keys_changed ON api_keys;
CREATE TRIGGER api_keys_changed
  AFTER INSERT OR DELETE OR TRUNCATE OR
        UPDATE OF id, secret_hash, name, scopes, tenant, rps, burst, created_at, expires_at, revoked_at,
                  records_rate, records_burst, bytes_rate, bytes_burst, only_rows, replaced_by
  ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION count_api_key_change();
