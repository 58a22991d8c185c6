#!/bin/bash
# The spool's directory is put back from an older copy and grows past what the store has seen of it, while PostgreSQL is
# away: no acknowledged record is skipped, and the accounting closes.
# Usage: with_postgres.sh spool_restored.sh
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"

use_store postgres
make_key
small_spool() { start_daemon --set spool.segment_bytes=1MiB; }
# send NAME RECORDS
send() {
  "$LOAD_CLIENT" --port "$PORT" --key "$KEY" --run "$1" --records "$2" --batch 100 --connections 2 --acked "$WORK/acked.$1" >"$WORK/load" ||
    fail "the load $1: $(cat "$WORK/load")"
}
small_spool
send before 1000
all_in_store
cp -a "$WORK/data/spool" "$WORK/copy"
# More than a segment, so that the copy ends before the store's position in any case.
send lost 8000
all_in_store
stop_daemon

rm -r "$WORK/data/spool"
mv "$WORK/copy" "$WORK/data/spool"
stop_server
small_spool
send after 6000
kill -9 "$DAEMON_PID"
wait "$DAEMON_PID" 2>/dev/null || true
small_spool
send later 6000
start_server
all_in_store
sed 's/^/default /' "$WORK"/acked.* >"$WORK/acked"
acknowledged_once "$WORK/acked"
same "rows" 21000 "$(wc -l <"$WORK/stored")"
grep -q 'spool is not the one that the store knows' "$WORK/daemon.2.log" || fail "the daemon did not tell"
reconciled

# From now on it is a spool like any other.
stop_daemon
small_spool
send again 1000
all_in_store
reconciled
! grep -q 'spool is not the one' "$WORK/daemon.3.log" || fail "told again"
stop_daemon
echo "spool restored from an older copy: $(wc -l <"$WORK/stored") records acknowledged, each stored once"
