DROP SCHEMA message_store CASCADE;
