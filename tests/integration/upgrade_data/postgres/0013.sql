-- A namespace that was removed, half deleted.
INSERT INTO message_namespaces (ns, id, token_hash, description, metadata, created_at, last_global_position, messages, streams, categories)
  VALUES (1013, NULL, '', 'cleared', '', '2026-01-02 03:00:00Z', 1, 2, 1, 1);
INSERT INTO message_categories VALUES (1013, 1, 'order', 1, 2);
INSERT INTO message_streams (ns, stream, category, name, group_hash, version, last_activity)
  VALUES (1013, 1, 1, 'order-1', -4266524885998034046, 1, 1767322800000000001);
INSERT INTO stored_messages (global_position, stream, position, category, time, ns, id, type, correlation, data, metadata)
  VALUES (1, 1, 0, 1, 1767322800000000000, 1013, '00000000-0000-7000-8000-000000000001', 'Placed', NULL, '{}', NULL);
