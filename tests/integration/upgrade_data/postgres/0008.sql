INSERT INTO maintenance_tasks VALUES ('retention', '2026-01-02 03:00:00Z', '2026-01-02 03:00:01Z', '2026-01-02 03:00:01Z', 1000000, '2 days dropped', '', 'process 5 on db1');
INSERT INTO retention_rules VALUES ('', 'level:debug', 259200000000, '2026-01-02 03:00:00Z'), ('other', '', 2592000000000, '2026-01-02 03:00:00Z');
INSERT INTO deletions VALUES ('deletion-1', 'default', 'service:shop', 'root on db1', '2026-01-02 03:00:00Z', NULL, 10, 5);
INSERT INTO passed_days VALUES ('2026-01-01', 'a mark');
