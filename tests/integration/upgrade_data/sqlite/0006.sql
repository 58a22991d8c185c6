INSERT INTO index_choices VALUES ('host', '', 1), ('level', '2026-01-01', 0);
