-- Before this, nothing deletes what was left of removed namespaces.
DELETE FROM stored_messages WHERE ns IN (SELECT ns FROM message_namespaces WHERE id IS NULL);
DELETE FROM message_streams WHERE ns IN (SELECT ns FROM message_namespaces WHERE id IS NULL);
DELETE FROM message_categories WHERE ns IN (SELECT ns FROM message_namespaces WHERE id IS NULL);
DELETE FROM message_namespaces WHERE id IS NULL;
ALTER TABLE message_namespaces ALTER COLUMN id SET NOT NULL;
