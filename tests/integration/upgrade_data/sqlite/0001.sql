INSERT INTO api_keys (id, secret_hash, name, scopes, tenant, rps, burst, created_at, revoked_at, use_count) VALUES
  ('key-1', printf('%064d', 1), 'front', 'ingest,read', 'default', 12.5, 100, 1767258000000000, NULL, 7),
  ('key-2', printf('%064d', 2), 'old', 'ingest', 'other', NULL, NULL, 1767258000000000, 1767259800000000, 0);
UPDATE api_key_changes SET changes = changes + 3;
