#!/bin/bash
# Databases made by every earlier version of the schema, with data in them, come to the newest with their data.
# Usage: upgrade.sh sqlite, or with_postgres.sh upgrade.sh postgres
#
# upgrade_data/SET/NNNN.sql is what a program of version NNNN leaves behind in the tables of that version. It is put in
# right after step NNNN, so each later step meets what was there in its time.
. "$(dirname "$0")/../support/daemon.sh"
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../migrations
data=$here/upgrade_data

versions() { find "$sources/$1" -name '*.up.sql' -printf '%f\n' | cut -c1-4 | sort; }
data_of() {
  [ -s "$data/$1/$2.sql" ] || fail "tests/integration/upgrade_data/$1/$2.sql is missing: rows for what step $2 makes"
  echo "$data/$1/$2.sql"
}

# Every step has data, and every released step has the text that it was released with.
for set in postgres sqlite sqlite-day; do
  for version in $(versions $set); do data_of $set "$version" >/dev/null; done
done
(cd "$sources" && sha256sum --quiet -c "$data/released.sha256") || fail "a released step was edited: put the change into a new one"

# The store works, and has what the newest schema makes and what it had: $1 says what it was.
is_whole() {
  "$LOGCTL" migrate status --exit-code >/dev/null || fail "$1: not everything is applied"
  "$LOGCTL" migrate verify >"$WORK/verify" 2>&1 || fail "$1: $(cat "$WORK/verify")"
  # Partitions ahead are made by a daemon, and none has run yet.
  "$LOGCTL" doctor --reconcile -o plain >"$WORK/doctor" 2>&1 || true
  same "$1: what the doctor finds" "" "$(awk -F '\t' '$2 == "failed" && $1 != "partitions"' "$WORK/doctor")"
  grep -q "^accounting of 'default'	ok" "$WORK/doctor" || fail "$1: the books were not checked: $(cat "$WORK/doctor")"
  echo '{"event_id":"new","message":"after","timestamp":"2026-01-01T15:00:00Z"}' | "$LOGCTL" ingest - -q >/dev/null
  same "$1: records of the default tenant" "$2" "$(stored_ids --since 2025-12-31T00:00:00Z | sort | paste -sd ' ')"
  same "$1: keys" "$3" "$("$LOGCTL" keys list -o jsonl | jq -r .id | sort | paste -sd ' ')"
}

# --- PostgreSQL ---

sql() { psql -qXAt -v ON_ERROR_STOP=1 "$LOGCTL_DATABASE_URL" "$@"; }
tables() {
  sql -c "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
          AND NOT relispartition AND relname NOT LIKE 'schema\_%'"
}

upgrade_postgres() {
  local from=$1 schema=v$1 version table lost
  psql -qX "$LOGCTL_TEST_POSTGRES" -c "CREATE SCHEMA $schema; CREATE SCHEMA kept_$schema"
  export LOGCTL_DATABASE_URL="$LOGCTL_TEST_POSTGRES?options=-csearch_path%3D$schema"
  for version in $(versions postgres); do
    [ "$version" -le "$from" ] || break
    "$LOGCTL" migrate up -q --to "$((10#$version))" >/dev/null
    sql -f "$(data_of postgres "$version")"
  done
  for table in $(tables); do
    sql -c "CREATE TABLE kept_$schema.$table AS SELECT to_jsonb(t) AS row FROM $table AS t"
  done
  "$LOGCTL" migrate up -q >/dev/null
  for table in $(psql -qXAt "$LOGCTL_TEST_POSTGRES" -c "SELECT relname FROM pg_class WHERE relnamespace = 'kept_$schema'::regnamespace AND relkind = 'r'"); do
    lost=$(sql -c "SELECT row FROM kept_$schema.$table WHERE NOT EXISTS (SELECT 1 FROM $table AS t WHERE to_jsonb(t) @> row) LIMIT 3")
    same "rows of $table lost or changed on the way from version $from" "" "$lost"
  done
  local records="new one two" keys=""
  [ "$from" -lt 3 ] || records="four new one two"
  [ "$from" -lt 2 ] || keys="key-1 key-2"
  is_whole "PostgreSQL from version $from" "$records" "$keys"
}

# --- SQLite ---

# What of FILE before is not in FILE now: $1 and $2.
lost_rows() {
  local table columns
  for table in $(sqlite3 "$1" "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'schema\_%' ESCAPE '\\'"); do
    columns=$(sqlite3 "$1" "SELECT group_concat(name) FROM pragma_table_info('$table')")
    sqlite3 "$2" "ATTACH '$1' AS kept; SELECT '$table', $columns FROM kept.$table EXCEPT SELECT '$table', $columns FROM main.$table"
  done
}

# A day file as a program of that version made it: its version in user_version, no ledger.
old_day() {
  local version file=$2
  sqlite3 "$file" "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL" >/dev/null
  for version in $(versions sqlite-day); do
    [ "$version" -le "$1" ] || break
    sqlite3 "$file" <"$(echo "$sources/sqlite-day/$version"_*.up.sql)"
    sqlite3 "$file" "PRAGMA user_version = $((10#$version))"
    sqlite3 "$file" <"$(data_of sqlite-day "$version")"
  done
}

upgrade_sqlite() {
  local from=$1 day=$2 version state
  export LOGCTL_STORAGE_DATA_DIR=$WORK/$1-$2
  state=$LOGCTL_STORAGE_DATA_DIR
  for version in $(versions sqlite); do
    [ "$version" -le "$from" ] || break
    "$LOGCTL" migrate up -q --to "$((10#$version))" >/dev/null
    sqlite3 "$state/meta.sqlite" <"$(data_of sqlite "$version")"
  done
  mkdir -p "$state/logs"
  old_day "$day" "$state/logs/2026-01-01.sqlite"
  cp "$state/meta.sqlite" "$WORK/meta.kept"
  cp "$state/logs/2026-01-01.sqlite" "$WORK/day.kept"
  "$LOGCTL" migrate up -q >/dev/null
  same "rows lost or changed on the way from version $from" "" "$(lost_rows "$WORK/meta.kept" "$state/meta.sqlite")"
  same "rows lost or changed in a day of version $day" "" "$(lost_rows "$WORK/day.kept" "$state/logs/2026-01-01.sqlite")"
  local records="new one two"
  [ "$day" -lt 2 ] || records="four new one two"
  is_whole "SQLite from version $from with a day of version $day" "$records" "key-1 key-2"
}

export LOGCTL_CONFIG=$WORK/empty.yaml LOGCTL_STORAGE_DATA_DIR=$WORK/data
: >"$LOGCTL_CONFIG"
case "$1" in
  postgres) for from in $(versions postgres); do upgrade_postgres "$from"; done ;;
  sqlite)
    meta=$(versions sqlite | tail -n 1)
    newest=$(versions sqlite-day | tail -n 1)
    for from in $(versions sqlite); do upgrade_sqlite "$from" "$newest"; done
    for day in $(versions sqlite-day); do
      [ "$day" = "$newest" ] || upgrade_sqlite "$meta" "$day"
    done ;;
  *) fail "no such store: $1" ;;
esac
echo "upgrades on $1: $CHECKS checks"
