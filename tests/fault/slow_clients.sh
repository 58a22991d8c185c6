#!/bin/bash
# Ten thousand connections that say nothing, two hundred that send a byte a second and a key that floods: another key's
# single records are still answered, each within seconds, and memory stays bounded.
# Usage: with_postgres.sh slow_clients.sh [--seconds N]
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"

length=10
if [ $# -gt 0 ]; then
  [ "$1" = --seconds ] || fail "usage: slow_clients.sh [--seconds N]"
  length=${2:?}
fi
# Each idle connection is a descriptor here and one in the daemon.
idle=10000
ulimit -n $((idle + 2000)) 2>/dev/null ||
  fail "$idle connections need $((idle + 2000)) open files, the hard limit here is $(ulimit -Hn): raise it for this test"
trap '' PIPE

use_store postgres
make_key --tenant flood
flood_key=$KEY
make_key --tenant calm
# A small queue, so that the flood alone would fill it.
start_daemon --set batch.queue_bytes=4MiB --set batch.max_bytes=1MiB --set server.max_connections=$((idle + 1000)) --set server.idle_timeout=10m

IDLE=()
SLOW=()
for ((n = 0; n < idle; n++)); do
  exec {fd}<>"/dev/tcp/127.0.0.1/$PORT" || fail "idle connection $n was refused"
  IDLE+=("$fd")
done
for ((n = 0; n < 200; n++)); do
  exec {fd}<>"/dev/tcp/127.0.0.1/$PORT" || fail "slow connection $n was refused"
  # Half of them are slow in the head, half in the body.
  if ((n % 2)); then
    printf 'POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{' \
      "$KEY" >&"$fd"
  fi
  SLOW+=("$fd")
done
open_connections() { find "/proc/$DAEMON_PID/fd" -lname 'socket:*' | wc -l; }
all_open() { [ "$(open_connections)" -ge $((idle + 200)) ]; }
until_true 60 all_open || fail "only $(open_connections) connections are open"

# What the flood is answered does not matter here, except that it is never an error of the daemon's own.
"$LOAD_CLIENT" --port "$PORT" --key "$flood_key" --run flood --batch 1000 --connections 12 --records 400000 --retry \
  --give-up "$length" >"$WORK/load.flood" &
flood=$!
"$LOAD_CLIENT" --port "$PORT" --key "$KEY" --run calm --batch 1 --connections 2 --records $((length * 50)) --rate 50 \
  --give-up $((length + 60)) --acked "$WORK/acked.calm" >"$WORK/load.calm" &
calm=$!
begin=$SECONDS
while [ "$SECONDS" -lt $((begin + length)) ]; do
  # A connection that the daemon has given up on is not an error here.
  for fd in "${SLOW[@]}"; do printf x 2>/dev/null >&"$fd" || true; done
  sleep 1
done
wait "$calm" || fail "not every single record was acknowledged: $(cat "$WORK/load.calm")"
wait "$flood" || true  # it gives up when its time is over; its answers are looked at below
only_answers '201' "$WORK/load.calm"
only_answers '201|503|429' "$WORK/load.flood"
slowest=$(jq '.max_ms | ceil' "$WORK/load.calm")
no_more "milliseconds until a single record was answered" 5000 "$slowest"
memory=$(peak)
no_more "KiB of memory at most" 196608 "$memory"

for fd in "${IDLE[@]}" "${SLOW[@]}"; do exec {fd}>&-; done
until_true 120 nothing_spooled || fail "the spool was not emptied: $(cat "$BODY")"
reconciled
sed 's/^/calm /' "$WORK/acked.calm" >"$WORK/acked"
acknowledged_once "$WORK/acked"
stop_daemon
echo "slow clients: $(wc -l <"$WORK/acked") single records beside a flood of $(jq .acknowledged "$WORK/load.flood"), the slowest in $slowest ms; memory at most $memory KiB"
