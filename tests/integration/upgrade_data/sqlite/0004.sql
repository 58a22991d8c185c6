UPDATE api_keys SET records_rate = 1000, records_burst = 2000, bytes_rate = 1e6, bytes_burst = 2000000, only_rows = 'service=shop',
  replaced_by = 'key-2' WHERE id = 'key-1';
