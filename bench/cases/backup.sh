# What a backup costs: a full one of thirty days and a new one, beside an incremental one that finds only the last day new.
# The reference is a fifteenth of the full one: a ratio of 1 or less is what is wanted.

# backup_seconds TYPE: sets new_bytes
backup_seconds() {
  local took
  took=$(seconds "$logctl" backup create --type "$1" -o json)
  new_bytes=$(jq .new_bytes "$work/out")
  backup_took=$took
}

backup_of() {
  local per_day=$((backup / 30)) full_bytes full_took
  # Days have to end where records do, or the new day would reach into the one before.
  while ((86400000000 % per_day != 0)); do per_day=$((per_day - 1)); done
  export LOGCTL_BACKUP_DIR=$work/backups-$1
  # thirty days, a backup, one day more
  "$generate" ndjson $((30 * per_day)) $((86400000000 / per_day)) backup | "$logctl" ingest - -q >/dev/null
  backup_seconds full
  "$generate" ndjson "$per_day" $((86400000000 / per_day)) backup $((30 * per_day)) | "$logctl" ingest - -q >/dev/null
  # Not within the moments in which a file's time does not tell yet whether it has changed.
  sleep 3
  backup_seconds incremental
  local new_took=$backup_took new=$new_bytes
  backup_seconds full
  full_took=$backup_took full_bytes=$new_bytes
  result "incremental backup, one new day / full one of 31, bytes / 15, $2" "$new" "$(awk "BEGIN { printf \"%.0f\", $full_bytes / 15 }")" bytes
  result "incremental backup, one new day / full one of 31, time / 15, $2" "$new_took" "$(awk "BEGIN { printf \"%.3f\", $full_took / 15 }")" seconds
  rm -rf "$LOGCTL_BACKUP_DIR"
  unset LOGCTL_BACKUP_DIR
}
backup_sqlite() {
  new_directory backup-sqlite
  backup_of sqlite SQLite
  rm -rf "$LOGCTL_STORAGE_DATA_DIR"
}
backup_postgres() {
  new_database backup
  backup_of postgres PostgreSQL
  psql -qX "$LOGCTL_TEST_POSTGRES" -c "DROP DATABASE ${LOGCTL_DATABASE_URL##*/}"
}
