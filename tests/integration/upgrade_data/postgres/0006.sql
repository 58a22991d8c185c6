-- A day that a backup has exported, and one that has changed since.
INSERT INTO backup_seals VALUES ('logs_20260101', 'a-random-token', '2026-01-02 03:00:00Z');
INSERT INTO backup_changes VALUES ('logs_20260101', '2026-01-02 04:00:00Z');
