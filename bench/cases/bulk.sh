# Many records at once, from a file and over HTTP, beside the bulk load of the database's own tool.
columns=timestamp,event_id,tenant,received_at,service,level,message,event_type,event_name,user_id,session_id,app_version,host,trace_id,sequence_number,priority,properties

# What psql needs to load the same rows, already converted, into the same table.
copy_reference() {
  if [ ! -f "$work/copy_rate" ]; then
    need psql
    data copy
    new_database reference
    psql -qX "$LOGCTL_DATABASE_URL" -c "CREATE TABLE logs_20250101 PARTITION OF logs
      FOR VALUES FROM ('2025-01-01T00:00:00Z') TO ('2025-01-02T00:00:00Z')"
    rate "$(seconds psql -qX "$LOGCTL_DATABASE_URL" -c "\\copy logs ($columns) FROM '$work/data.copy'")" >"$work/copy_rate"
  fi
}

# What the sqlite3 shell needs for the same rows into the same schema with the same pragmas.
import_reference() {
  if [ ! -f "$work/import_rate" ]; then
    need sqlite3
    data csv
    # Not STRICT here: .import stores absent values as empty text.
    sqlite3 "$work/reference.sqlite" >/dev/null <<SQL
PRAGMA page_size=8192;
PRAGMA journal_mode=WAL;
$(sed 's/STRICT, //' migrations/sqlite-day/*.up.sql)
SQL
    printf '%s\n' 'PRAGMA synchronous=FULL;' 'PRAGMA cache_size=-32768;' '.mode csv' ".import $work/data.csv logs" >"$work/import.sql"
    rate "$(seconds sqlite3 "$work/reference.sqlite" ".read $work/import.sql")" >"$work/import_rate"
  fi
}

file_postgres() {
  copy_reference
  data ndjson
  new_database file
  result "ingest file -> PostgreSQL / psql \\copy" "$(rate "$(seconds "$logctl" ingest "$work/data.ndjson" -o json)")" \
    "$(cat "$work/copy_rate")" records/s
}

# Until the last record is a row, not only in the spool.
http_postgres() {
  copy_reference
  sustained_rate
  result "HTTP batches of 1000 -> PostgreSQL / psql \\copy" "$(cat "$work/sustained_rate")" "$(cat "$work/copy_rate")" records/s
}

file_sqlite() {
  import_reference
  data ndjson
  new_directory file-sqlite
  result "ingest file -> SQLite / sqlite3 .import" "$(rate "$(seconds "$logctl" ingest "$work/data.ndjson" -o json)")" \
    "$(cat "$work/import_rate")" records/s
}

http_sqlite() {
  import_reference
  new_directory http-sqlite
  start_daemon
  send "$(make_key)" --prepare
  result "HTTP batches of 1000 -> SQLite / sqlite3 .import" "$(jq .records_per_second "$work/load.json")" \
    "$(cat "$work/import_rate")" records/s
}
