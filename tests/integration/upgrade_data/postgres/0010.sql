INSERT INTO message_namespaces (ns, id, token_hash, description, metadata, created_at, last_global_position, messages, streams, categories, last_activity)
  VALUES (1, 'shop', repeat('a', 64), 'the shop', '{"a":1}', '2026-01-02 03:00:00Z', 3, 3, 2, 1, 1767322800000000001);
INSERT INTO message_categories VALUES (1, 1, 'order', 2, 3);
INSERT INTO message_streams (ns, stream, category, name, group_hash, version, last_activity) VALUES
  (1, 1, 1, 'order-1', -4266524885998034046, 1, 1767322800000000001), (1, 2, 1, 'order', NULL, 0, 1767322800000000000);
INSERT INTO stored_messages (global_position, stream, position, category, time, ns, id, type, correlation, data, metadata) VALUES
  (1, 1, 0, 1, 1767322800000000000, 1, '00000000-0000-7000-8000-000000000001', 'Placed', NULL, '{"text":"a\u0000b"}', NULL),
  (2, 2, 0, 1, 1767322800000000000, 1, '00000000-0000-7000-8000-000000000002', 'Counted', 'cart', '{}', '{"correlationStreamName":"cart-1"}'),
  (3, 1, 1, 1, 1767322800000000001, 1, '00000000-0000-7000-8000-000000000003', 'Paid', NULL, '{"n":1.10}', NULL);
