-- What a key may use (records and bytes a second), which rows it may read, and which key takes its place.
ALTER TABLE api_keys ADD COLUMN records_rate REAL;
ALTER TABLE api_keys ADD COLUMN records_burst INTEGER;
ALTER TABLE api_keys ADD COLUMN bytes_rate REAL;
ALTER TABLE api_keys ADD COLUMN bytes_burst INTEGER;
ALTER TABLE api_keys ADD COLUMN only_rows TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN replaced_by TEXT;
