INSERT INTO maintenance_tasks VALUES ('retention', 1767258000000000, 1767258001000000, 1767258001000000, 1000000, '2 days dropped', '', 'process 5 on db1');
INSERT INTO retention_rules VALUES ('', 'level:debug', 259200000000, 1767258000000000), ('other', '', 2592000000000, 1767258000000000);
INSERT INTO deletions VALUES ('deletion-1', 'default', 'service:shop', 'root on db1', 1767258000000000, NULL, 10, 5);
INSERT INTO passed_days VALUES ('2026-01-01', 'a mark');
INSERT INTO removed_days VALUES ('a-token', '2025-12-01', 3, 1767258000000000);
