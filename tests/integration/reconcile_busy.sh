#!/bin/bash
# doctor --reconcile beside a daemon under load, whose spool is cut into small files: it always finds a moment to compare.
# Usage: with_postgres.sh reconcile_busy.sh
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"

use_store postgres
make_key
start_daemon --set spool.segment_bytes=1MiB
"$LOAD_CLIENT" --port "$PORT" --key "$KEY" --run busy --records 150000 --batch 200 --connections 4 --retry >"$WORK/load" &
load=$!
runs=0
waiting=0
while ! ended "$load" || [ "$runs" -lt 5 ]; do
  status=0
  "$LOGCTL" doctor --reconcile -o plain >"$WORK/doctor" 2>&1 || status=$?
  same "exit status of doctor --reconcile under load ($(cat "$WORK/doctor"))" 0 "$status"
  grep -q 'waiting [1-9]' "$WORK/doctor" && waiting=$((waiting + 1))
  runs=$((runs + 1))
done
wait "$load" || fail "the load: $(cat "$WORK/load")"
all_in_store
reconciled
stop_daemon
echo "reconciled $runs times under load, $waiting times with records in the spool"
