INSERT INTO accounting VALUES ('a-daemon', 'default', 'received', 2), ('a-daemon', 'default', 'rejected:missing_field', 2);
