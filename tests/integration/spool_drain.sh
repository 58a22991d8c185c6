#!/bin/bash
# `logctl spool drain`: what a daemon took while PostgreSQL was away gets into the store without one; the dry run moves nothing.
# Usage: with_postgres.sh spool_drain.sh
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"

use_store postgres
start_daemon
make_key
request GET /api/v1/status # the daemon knows the key from here on
stop_server
for id in a b; do
  request POST /api/v1/ingest -d "{\"event_id\":\"$id\",\"event_type\":\"error\",\"event_name\":\"n\"}"
  same "taken while the server is away" 201 "$STATUS"
done
stop_daemon

status=0
"$LOGCTL" spool drain -o json >"$WORK/away" 2>"$WORK/away.err" || status=$?
same "status without the server" 75 "$status"
grep -q '^hint: ' "$WORK/away.err" || fail "no hint: $(cat "$WORK/away.err")"
start_server
"$LOGCTL" status -o json >"$WORK/status"
same "nobody drains" '[2,0,null]' "$(jq -c '[.spooled, .spool_drain_bytes_per_second, .spool_seconds_left]' "$WORK/status")"
"$LOGCTL" spool drain --dry-run -o json >"$WORK/would"
same "a dry run" '[0,2,true]' "$(jq -c '[.drained_bytes, .left_records, .dry_run]' "$WORK/would")"
same "records after it" "" "$(stored_ids)"
"$LOGCTL" spool drain -o json >"$WORK/did"
same "drained" '[true,0,0,null]' "$(jq -c '[.drained_bytes > 0, .left_bytes, .left_records, .problem]' "$WORK/did")"
same "records" "a b" "$(stored_ids | sort | xargs)"
same "what is left to drain" 0 "$("$LOGCTL" spool drain -n -o json | jq .left_records)"

# While it drains, every record is told of once: it waits or is stored.
start_daemon
request GET /api/v1/status
stop_server
"$LOAD_CLIENT" --port "$PORT" --key "$KEY" --run load --records 60000 --batch 1000 >"$WORK/load.json"
stop_daemon
start_server
"$LOGCTL" spool drain -q >/dev/null &
drain=$!
while kill -0 "$drain" 2>/dev/null; do
  "$LOGCTL" status -o json >"$WORK/status"
  same "received while it drains" 60002 "$(jq .received "$WORK/status")"
done
wait "$drain" || fail "spool drain failed"
same "all stored" '[60002,0]' "$("$LOGCTL" status -o json | jq -c '[.stored, .spooled]')"
echo "spool drain: $CHECKS checks"
