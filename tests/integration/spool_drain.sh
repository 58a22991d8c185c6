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
"$LOGCTL" spool drain --dry-run -o json >"$WORK/would"
same "a dry run" '[0,2,true]' "$(jq -c '[.drained_bytes, .left_records, .dry_run]' "$WORK/would")"
same "records after it" "" "$(stored_ids)"
"$LOGCTL" spool drain -o json >"$WORK/did"
same "drained" '[true,0,0,null]' "$(jq -c '[.drained_bytes > 0, .left_bytes, .left_records, .problem]' "$WORK/did")"
same "records" "a b" "$(stored_ids | sort | xargs)"
same "what is left to drain" 0 "$("$LOGCTL" spool drain -n -o json | jq .left_records)"
echo "spool drain: $CHECKS checks"
