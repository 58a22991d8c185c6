-- Takes the triggers of sealed partitions along.
DROP FUNCTION note_backup_change() CASCADE;
DROP TABLE backup_changes;
DROP TABLE backup_seals;
