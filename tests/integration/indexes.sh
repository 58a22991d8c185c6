#!/bin/bash
# Indexes of closed days, made by the daemon and by hand: killed, damaged, dropped, and the answers always the same.
# Usage: indexes.sh sqlite, or with_postgres.sh indexes.sh postgres
. "$(dirname "$0")/../support/daemon.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store "$1"
fields="event_name level service session_id text user_id"
# Two days of the past.
"$GENERATE" ndjson 10000 17280000 >"$WORK/records"
"$LOGCTL" ingest "$WORK/records" -q >/dev/null

user=$(sed -n 77p "$WORK/records" | jq -r .user_id)
asks=("user_id:$user" 'level>=error "cart 7"' 'cart "items, UPSTREAM" session_id:session-00*' 'properties.amount:77.77' 'user_id:(user-1 or user-2)')
answers() {
  local ask
  for ask in "${asks[@]}"; do echo "== $ask"; "$LOGCTL" query --limit 0 -o jsonl "$ask" | jq -r .event_id; done
}
answers >"$WORK/before"
[ "$(wc -l <"$WORK/before")" -gt 100 ] || fail "the questions find nothing"
same_answers() {
  answers >"$WORK/after"
  same "$1" "" "$(diff "$WORK/before" "$WORK/after" | head -n 3)"
}
# states [DAY]: the fields by state
states() {
  "$LOGCTL" index list -o jsonl --day "${1:-2025-01-01}" | jq -r '"\(.state) \(.field)"' |
    awk '{ of[$1] = of[$1] " " $2 } END { for (state in of) print state ":" of[state] }' | sort | paste -sd ';'
}
same "states at first" "missing: $fields" "$(states)"
same "a plan is only a plan" "$(printf '2025-01-02 %s\n2025-01-01 %s' "${fields// /,}" "${fields// /,}")" \
  "$("$LOGCTL" index build --dry-run -o jsonl | jq -r '"\(.day) \(.build)"')"
same "states after a dry run" "missing: $fields" "$(states)"

# Killed at any moment.
for pause in 0 0.05 0.1 0.2; do
  "$LOGCTL" index build -q >/dev/null &
  build=$!
  sleep "$pause"
  kill -9 "$build" 2>/dev/null || true
  wait "$build" 2>/dev/null || true
  same_answers "answers after a build that was killed"
done
if [ "$1" = postgres ]; then
  # The server ends what it was doing for the one that was killed.
  nobody_builds() {
    [ "$(psql -qXAt "$LOGCTL_DATABASE_URL" -c "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'INDEX CONC' AND state = 'active' AND pid <> pg_backend_pid()")" = 0 ]
  }
  until_true 60 nobody_builds || fail "the server goes on building"
fi

# The daemon finishes it.
start_daemon --set storage.index_delay=0s --set maintenance.interval=1s
all_valid() { [ "$(states 2025-01-01)$(states 2025-01-02)" = "valid: ${fields}valid: $fields" ]; }
until_true 60 all_valid || fail "the daemon left $(states)"
same_answers "answers with indexes"
day_of_list() { "$LOGCTL" partitions list -o json | jq -r ".[] | select(.day == \"2025-01-01\") | $1"; }
same "indexes in the list of days" "$fields" "$(day_of_list '.indexes | sort | join(" ")')"
index_bytes=$("$LOGCTL" index list --day 2025-01-01 -o json | jq 'map(.bytes) | add')
[ "$(day_of_list .bytes)" -gt "$index_bytes" ] || fail "the bytes of a day are without its indexes"
plan=$("$LOGCTL" query --explain "user_id:$user" -o json)
grep -q 'index files leave\|logs_20250101_by_user_id' <<<"$plan" || fail "the plan does not tell of the index: $plan"
make_key --scopes read
request GET "/api/v1/logs/filter?user_id=$user&start_time=2025-01-01T00:00:00Z&end_time=2025-01-02T00:00:00Z"
expect 200 .data.total_count "$("$LOGCTL" query --limit 0 -o jsonl --since 2025-01-01T00:00:00Z --until 2025-01-02T00:00:00Z "user_id:$user" | wc -l)"
same "nothing to be done" "" "$("$LOGCTL" index build -o jsonl)"

# Late, and again.
echo '{"event_id":"late","user_id":"a-straggler","message":"cart came late","timestamp":"2025-01-01T00:00:01Z"}' >"$WORK/late"
"$LOGCTL" ingest "$WORK/late" -q >/dev/null
same "the late record" late "$("$LOGCTL" query -o jsonl 'user_id:a-straggler "came LATE"' | jq -r .event_id)"
same "the late record again" "0 1" \
  "$(sed 's/$/ /' "$WORK/late" | "$LOGCTL" ingest - -o json | jq -r '"\(.accepted) \(.duplicates)"')"
answers >"$WORK/before"
stop_daemon

# What a run leaves that was killed, and what a bad disk does.
if [ "$1" = sqlite ]; then
  files=$LOGCTL_STORAGE_DATA_DIR/indexes
  rm "$files/2025-01-01.user_id.sqlite"
  echo half >"$files/2025-01-01.user_id.sqlite.new"
  dd if=/dev/urandom of="$files/2025-01-01.text.sqlite" bs=8192 count=4 conv=notrunc 2>/dev/null
  spoiled="text user_id"
else
  psql -qX "$LOGCTL_DATABASE_URL" -c "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'logs_20250101_by_user_id'::regclass"
  spoiled=user_id
fi
case "$(states)" in
  "missing: $spoiled;valid: "*) ;;
  *) fail "spoiled were $spoiled, found $(states)" ;;
esac
same_answers "answers with spoiled indexes"
"$LOGCTL" index build -q >/dev/null
same "states after mending" "valid: $fields" "$(states)"
same_answers "answers after mending"

# What is wanted.
"$LOGCTL" index add properties.amount -q >/dev/null
"$LOGCTL" index drop level -q >/dev/null
same "dropped at once" "missing: properties.amount;valid: event_name service session_id text user_id" "$(states)"
"$LOGCTL" index build -q >/dev/null
same "added" "valid: event_name properties.amount service session_id text user_id" "$(states)"
same_answers "answers with other indexes"
"$LOGCTL" index add level --day 2025-01-02 -q >/dev/null
"$LOGCTL" index build -q >/dev/null
same "on one day only" "valid: event_name properties.amount service session_id text user_id" "$(states)"
same "on that day" "valid: event_name level properties.amount service session_id text user_id" "$(states 2025-01-02)"
same "doctor" "" "$("$LOGCTL" doctor -o plain 2>/dev/null | awk -F '\t' '$2 == "failed" && $1 != "partitions"')"

if [ "$1" = postgres ]; then
  # A question about a property uses the index on it.
  plan=$(psql -qXAt "$LOGCTL_DATABASE_URL" -c "EXPLAIN SELECT * FROM logs WHERE tenant = 'default' AND timestamp < '2025-01-02'
    AND (properties ->> 'amount'::text) = '77.77'")
  case $plan in *logs_20250101_by_p_*) ;; *) fail "the property's index is not used: $plan" ;; esac
  # Where the extension is not there and may not be made, the doctor says what to run.
  psql -qX "$LOGCTL_DATABASE_URL" -c 'DROP EXTENSION pg_trgm CASCADE' -c 'CREATE ROLE plain LOGIN' \
    -c 'GRANT ALL ON ALL TABLES IN SCHEMA public TO plain' 2>/dev/null
  url=$LOGCTL_DATABASE_URL
  export LOGCTL_DATABASE_URL=${url/postgres@/plain@}
  "$LOGCTL" doctor -o plain >"$WORK/doctor" 2>/dev/null || true
  grep -q '^words	warning	.*CREATE EXTENSION pg_trgm' "$WORK/doctor" || fail "the doctor says nothing: $(cat "$WORK/doctor")"
  same_answers "answers without the extension"
  export LOGCTL_DATABASE_URL=$url
fi
echo "indexes on $1: $CHECKS checks"
