#!/bin/bash
# Two daemons on one PostgreSQL, the same 10 000 events sent to both at once: 10 000 rows.
. "$(dirname "$0")/../support/daemon.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"

use_store postgres
start_daemon
first=$DAEMON_PID
first_port=$PORT
PORT=
LOGCTL_STORAGE_DATA_DIR=$WORK/data2 start_daemon
second=$DAEMON_PID
second_port=$PORT
make_key
send() { "$LOAD_CLIENT" --port "$1" --key "$KEY" --run both --records 10000 --batch 100 --connections 4 --retry; }
send "$first_port" >"$WORK/first.json" &
one=$!
send "$second_port" >"$WORK/second.json" &
two=$!
wait "$one" || fail "the first load: $(cat "$WORK/first.json")"
wait "$two" || fail "the second load: $(cat "$WORK/second.json")"
for port in "$first_port" "$second_port"; do
  URL=http://127.0.0.1:$port
  all_in_store
done
same "rows" 10000 "$(stored_ids | wc -l)"
same "distinct events" 10000 "$(stored_ids | sort -u | wc -l)"

# the books are the store's: both daemons say the same, and they close
for port in "$first_port" "$second_port"; do
  URL=http://127.0.0.1:$port
  request GET /api/v1/status
  expect 200 .data.stored 10000 .data.spooled 0 .data.received "$(answer '.data.stored + .data.duplicate')"
done
stop_daemon "$first"
stop_daemon "$second"
echo "two daemons: $CHECKS checks passed"
