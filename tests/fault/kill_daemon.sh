#!/bin/bash
# kill -9 of the daemon at random moments of an ingest: every record that was answered is stored exactly once.
# Usage: kill_daemon.sh sqlite|postgres [KILLS]
. "$(dirname "$0")/../support/daemon.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"

use_store "$1"
kills=${2:-10}
make_key
start_daemon
answers() { [ "$(curl -s -o /dev/null -w '%{http_code}' "$URL/ready")" = 200 ]; }
acked_bytes() { wc -c <"$WORK/acked" 2>/dev/null || echo 0; }
"$LOAD_CLIENT" --port "$PORT" --key "$KEY" --run kill --records 10000000 --batch 100 --connections 4 --retry \
  --give-up 200 --acked "$WORK/acked" >"$WORK/load.out" 2>&1 &
load=$!
for ((n = 0; n < kills; n++)); do
  # A random amount of answered records after the last kill: a random moment in the flow of requests.
  target=$(($(acked_bytes) + 1 + RANDOM * 8))
  grown() { [ "$(acked_bytes)" -ge "$target" ]; }
  until_true 60 grown || fail "nothing was answered before kill $n"
  kill -9 "$DAEMON_PID"
  wait "$DAEMON_PID" 2>/dev/null || true
  start_daemon
  until_true 30 answers || fail "the daemon did not come back after kill $n"
done
kill -TERM "$load" 2>/dev/null || true
wait "$load" 2>/dev/null || true
stop_daemon

stored_ids | sort >"$WORK/stored"
sort "$WORK/acked" | grep -E '^kill-[0-9]{12}$' >"$WORK/acked.sorted"
same "answered but not stored" 0 "$(comm -23 "$WORK/acked.sorted" "$WORK/stored" | wc -l)"
same "stored twice" 0 "$(uniq -d "$WORK/stored" | wc -l)"
same "something that was never sent" 0 "$(grep -cv '^kill-' "$WORK/stored" || true)"
echo "kill -9 on $STORE: $kills kills, $(wc -l <"$WORK/acked.sorted") records answered, $(wc -l <"$WORK/stored") stored, none lost, none twice"
