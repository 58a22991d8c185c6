# Rows per second into a store that holds many rows already, beside the same store with 100 k. One day, the worst case.
slice=200000

# rows FIRST COUNT: records of the one day
rows() { "$generate" ndjson "$2" 1000 growth "$1"; }

# slice_rate FIRST
slice_rate() {
  rows "$1" "$slice" >"$work/slice"
  rate "$(seconds "$logctl" ingest "$work/slice" -o json)" "$slice"
}

growth_of() {
  local small large
  rows 0 100000 | "$logctl" ingest - -o json >/dev/null
  small=$(slice_rate 100000)
  rows $((100000 + slice)) $((growth - 100000 - slice)) | "$logctl" ingest - -o json >/dev/null
  large=$(slice_rate "$growth")
  result "rows/s at $growth rows / at 100000, $1" "$large" "$small" records/s
}
growth_sqlite() {
  new_directory growth-sqlite
  growth_of SQLite
  rm -rf "$LOGCTL_STORAGE_DATA_DIR"
}
growth_postgres() {
  new_database growth
  growth_of PostgreSQL
  psql -qX "$LOGCTL_TEST_POSTGRES" -c "DROP DATABASE ${LOGCTL_DATABASE_URL##*/}"
}
