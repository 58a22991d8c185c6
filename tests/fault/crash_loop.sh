#!/bin/bash
# kill -9 of the daemon and of PostgreSQL at random moments under mixed load: every acknowledged record is stored exactly
# once, nothing is there that was not sent, and the books close.
# Usage: with_postgres.sh crash_loop.sh [--minutes N | --seconds N] [--seed N]
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"

length=120
seed=$((RANDOM * 32768 + RANDOM))
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes) length=$((${2:?} * 60)) ;;
    --seconds) length=${2:?} ;;
    --seed) seed=${2:?} ;;
    *) fail "usage: crash_loop.sh [--minutes N | --seconds N] [--seed N]" ;;
  esac
  shift 2
done
echo "seed $seed, $length seconds"
RANDOM=$seed

use_store postgres
start_daemon
make_key --tenant checks
status_key=$KEY

# load NAME TENANT BATCH CONNECTIONS RATE: requests that are sent until they are answered
LOADS=()
load() {
  make_key --tenant "$2"
  : >"$WORK/acked.$1"
  "$LOAD_CLIENT" --port "$PORT" --key "$KEY" --run "$1" --batch "$3" --connections "$4" --rate "$5" --retry \
    --records 1000000000 --give-up $((length + 600)) --acked "$WORK/acked.$1" >"$WORK/load.$1" 2>&1 &
  LOADS+=("$!")
}
load small one 20 4 100
load large one 400 2 5
load single two 1 4 150
KEY=$status_key

acked_bytes() { cat "$WORK"/acked.* | wc -c; }
moved_on() { [ "$(acked_bytes)" -gt "$seen" ]; }
# Less than two seconds.
random_pause() { sleep "$((RANDOM % 2)).$(printf %03d $((RANDOM % 1000)))"; }
kill_daemon() {
  kill -9 "$DAEMON_PID"
  wait "$DAEMON_PID" 2>/dev/null || true
}

daemon_kills=0
server_kills=0
end=$((SECONDS + length))
while [ "$SECONDS" -lt "$end" ]; do
  # After each fault records are taken again before the next.
  seen=$(acked_bytes)
  until_true 60 moved_on || fail "nothing was acknowledged after $daemon_kills and $server_kills kills"
  random_pause
  fault=$((RANDOM % 4))
  if [ "$fault" != 0 ]; then
    kill_server
    server_kills=$((server_kills + 1))
    random_pause
  fi
  if [ "$fault" != 1 ]; then
    kill_daemon
    daemon_kills=$((daemon_kills + 1))
  fi
  # The daemon may be back first.
  order=$((RANDOM % 2))
  if [ "$fault" != 0 ] && [ "$order" = 0 ]; then start_server; fi
  if [ "$fault" != 1 ]; then start_daemon; fi
  if [ "$fault" != 0 ] && [ "$order" = 1 ]; then start_server; fi
done

for pid in "${LOADS[@]}"; do kill -TERM "$pid"; done
for pid in "${LOADS[@]}"; do wait "$pid" 2>/dev/null || true; done
all_in_store
reconciled
until_true 20 health_is .status healthy || fail "health at the end: $(cat "$BODY")"
stop_daemon
reconciled

# A line that the client was writing when it was ended is none.
tenant_of() { if [ "$1" = single ]; then echo two; else echo one; fi; }
for name in small large single; do
  grep -E "^$name-[0-9]{12}\$" "$WORK/acked.$name" | sed "s/^/$(tenant_of "$name") /"
done >"$WORK/acked"
acknowledged_once "$WORK/acked"

# Besides, at most the one request that each connection had under way.
LC_ALL=C comm -13 "$WORK/acknowledged" "$WORK/stored" >"$WORK/unanswered"
for name in small large single; do
  sed -n "s/^$(tenant_of "$name") $name-0*\([0-9]\)/\1/p" "$WORK/unanswered" | sort -n >"$WORK/unanswered.$name"
done
same "something that was never sent" "$(wc -l <"$WORK/unanswered")" "$(cat "$WORK"/unanswered.* | wc -l)"
no_more "stored of small, not acknowledged" 80 "$(wc -l <"$WORK/unanswered.small")"
no_more "stored of large, not acknowledged" 800 "$(wc -l <"$WORK/unanswered.large")"
no_more "stored of single, not acknowledged" 4 "$(wc -l <"$WORK/unanswered.single")"
echo "crash loop: $daemon_kills kills of the daemon, $server_kills of the server, $(wc -l <"$WORK/acknowledged") records acknowledged," \
  "$(wc -l <"$WORK/stored") stored, none lost, none twice (seed $seed)"
