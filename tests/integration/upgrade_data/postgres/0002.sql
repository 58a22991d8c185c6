INSERT INTO api_keys (id, secret_hash, name, scopes, tenant, rps, burst, created_at, use_count) VALUES
  ('key-1', repeat('a', 64), 'front', 'ingest,read', 'default', 12.5, 100, '2026-01-01 09:00:00Z', 7),
  ('key-2', repeat('b', 64), 'old', 'ingest', 'other', NULL, NULL, '2026-01-01 09:00:00Z', 0);
UPDATE api_keys SET revoked_at = '2026-01-01 09:30:00Z' WHERE id = 'key-2';
