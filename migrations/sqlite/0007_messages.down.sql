DROP TABLE messages;
DROP TABLE message_streams;
DROP TABLE message_categories;
DROP TABLE message_namespaces;
