INSERT INTO imports VALUES ('default', '/old/a.jsonl', 'import-1', 1000, 1767254400000000, 5, 'head', 'tail', 1767276000000000, 1767276005000000, NULL, '0.1.0');
INSERT INTO import_ranges VALUES ('default', '/old/a.jsonl', 'import-1', 0, 500, 10, 9, 1, 0);
