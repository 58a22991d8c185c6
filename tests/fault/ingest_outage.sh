#!/bin/bash
# PostgreSQL ends all connections again and again, and is restarted once, in the middle of `logctl ingest`: the one run
# goes on by itself and leaves every record stored once and the import finished.
# Usage: with_postgres.sh ingest_outage.sh [RECORDS]
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store postgres
records=${1:-200000}
file=$WORK/records.jsonl
"$GENERATE" ndjson "$records" >"$file"

cut_all() {
  psql -qXAt "$LOGCTL_TEST_POSTGRES" -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = '${LOGCTL_DATABASE_URL##*/}' AND pid <> pg_backend_pid()" >>"$WORK/cut"
}
rows() { psql -qXAt "$LOGCTL_DATABASE_URL" -c 'SELECT count(*) FROM logs' 2>/dev/null || echo 0; }

"$LOGCTL" ingest "$file" --jobs 2 --batch-rows 500 -o json >"$WORK/out" 2>"$WORK/err" &
run=$!
begun() { ended "$run" || [ "$(rows)" -gt 0 ]; }
until_true 60 begun || fail "nothing was stored: $(cat "$WORK/err")"
for ((n = 0; n < 40; n++)); do
  ended "$run" && break
  cut_all
  [ "$n" != 10 ] || { pg_control -m fast -w -t 30 stop && start_server; }
  sleep 0.1
done
[ "$n" -gt 10 ] || fail "the import ended before the server was restarted, after $n cuts: $(cat "$WORK/err")"
status=0
wait "$run" || status=$?
[ "$status" = 0 ] || fail "ingest left with $status: $(cat "$WORK/err")"
same "rows" "$records" "$(rows)"
same "what a further run loads" 0 \
  "$("$LOGCTL" ingest "$file" -q -o json | jq '.accepted + .duplicates + .rejected')"
echo "ingest through $n cuts of all connections ($(paste -sd+ "$WORK/cut" | bc) ended) and a restart: $records records, each stored once"
