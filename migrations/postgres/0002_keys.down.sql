DROP TABLE api_keys;
DROP FUNCTION count_api_key_change();
DROP TABLE api_key_changes;
