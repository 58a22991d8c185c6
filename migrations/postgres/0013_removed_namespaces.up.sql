-- A namespace without an id was deleted or cleared: nobody sees it, and its messages are deleted bit by bit. How far that
-- is, its numbers tell: what lies above last_global_position, streams and categories is gone.
ALTER TABLE message_namespaces ALTER COLUMN id DROP NOT NULL;
