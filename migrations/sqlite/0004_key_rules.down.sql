-- A key that was bound to some rows must not come to see all of them. Times are microseconds.
UPDATE api_keys SET revoked_at = unixepoch() * 1000000 WHERE only_rows <> '' AND revoked_at IS NULL;
UPDATE api_key_changes SET changes = changes + 1;

ALTER TABLE api_keys DROP COLUMN records_rate;
ALTER TABLE api_keys DROP COLUMN records_burst;
ALTER TABLE api_keys DROP COLUMN bytes_rate;
ALTER TABLE api_keys DROP COLUMN bytes_burst;
ALTER TABLE api_keys DROP COLUMN only_rows;
ALTER TABLE api_keys DROP COLUMN replaced_by;
