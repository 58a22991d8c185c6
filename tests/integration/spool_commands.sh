#!/bin/bash
# What the commands say of a spool beside its daemon: what the store has already waits nowhere, and with the store
# away the disk is asked.
# Usage: with_postgres.sh spool_commands.sh
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"

use_store postgres
make_key
start_daemon
spool=$LOGCTL_STORAGE_DATA_DIR/spool
send() {
  request POST /api/v1/batch-ingest -d "{\"logs\":[{\"event_id\":\"$1\",\"event_type\":\"error\",\"event_name\":\"n\"},
    {\"event_id\":\"$1-too\",\"event_type\":\"error\",\"event_name\":\"n\"}]}"
  expect 201 .data.logs_processed 2
}
metric_is() { curl -sS "$URL/metrics" | grep -qx "$1 $2"; }
of() { jq -r "$1" "$WORK/out"; }

# The second one follows the first at once: how far the spool is released is written down once a second.
send a
all_in_store
send b
all_in_store
kill -9 "$DAEMON_PID"
"$LOGCTL" spool status -o json >"$WORK/out"
same "spool status of a drained spool" "0 0 0" "$(of '"\(.frames) \(.records) \(.bytes)"')"
"$LOGCTL" spool verify -o json >"$WORK/out"
same "spool verify" "0 0 0 true" "$(of '"\(.frames) \(.records) \(.bytes) \(.ok)"')"
"$LOGCTL" status -o json >"$WORK/out"
same "status" "4 0 0" "$(of '"\(.received) \(.spooled) \(.spool_bytes)"')"
same "spool export" "" "$("$LOGCTL" spool export - 2>/dev/null)"
"$LOGCTL" doctor -o plain 2>/dev/null | grep -q '0 records (0 B) wait' || fail "doctor sees something waiting"

# The store is away: the disk can be asked all the same.
start_daemon
stop_server
for id in c d e; do send "$id"; done
status=0
"$LOGCTL" status -o json >"$WORK/out" 2>"$WORK/err" || status=$?
same "exit status with the store away" 75 "$status"
[ "$(of .spooled)" -ge 6 ] && [ "$(of .received)" = null ] && [ "$(of .problem)" != null ] || fail "status: $(cat "$WORK/out")"

start_server
all_in_store
reconciled
stop_daemon
echo "spool commands: $CHECKS checks passed"
