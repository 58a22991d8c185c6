INSERT INTO imports VALUES ('default', '/old/a.jsonl', 'import-1', 1000, '2026-01-01 08:00:00Z', 5, repeat('c', 64), repeat('d', 64),
  '2026-01-01 14:00:00Z', '2026-01-01 14:00:05Z', NULL, '0.1.0');
INSERT INTO import_ranges VALUES ('default', '/old/a.jsonl', 'import-1', 0, 500, 10, 9, 1, 0);
