INSERT INTO index_choices VALUES ('host', '', true), ('level', '2026-01-01', false);
