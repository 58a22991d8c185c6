#!/bin/bash
# kill -9 of the daemon while 64 writers race for the next position of a few streams: no write that was answered is lost,
# no position is given twice, no stream has a gap, and a write in doubt that is sent again is there once.
# Usage: kill_streams.sh sqlite|postgres [KILLS [ANSWERED-WRITES-BETWEEN-KILLS]]
. "$(dirname "$0")/../support/daemon.sh"
: "${MESSAGE_RACE:?path of the logctl-message-race binary}"

use_store "$1"
kills=${2:-8}
between=${3:-1500}
token=$("$LOGCTL" namespaces create race)
start_daemon
mkfifo "$WORK/leash"
"$MESSAGE_RACE" --port "$PORT" --token "$token" --acked "$WORK/acked" --writers 64 --streams 8 \
  <"$WORK/leash" >"$WORK/race.out" 2>"$WORK/race.err" &
race=$!
exec 9>"$WORK/leash"

acked() { [ ! -f "$WORK/acked" ] && echo 0 || wc -l <"$WORK/acked"; }
for ((n = 0; n < kills; n++)); do
  # A random number of answered writes after the last kill: a random moment of a transaction.
  target=$(($(acked) + 1 + RANDOM % (2 * between)))
  far_enough() { ended "$race" || [ "$(acked)" -ge "$target" ]; }
  until_true 60 far_enough || fail "nothing was answered before kill $n"
  kill -9 "$DAEMON_PID"
  wait "$DAEMON_PID" 2>/dev/null || true
  start_daemon 9>&-  # the leash is held by nobody else
done
target=$(($(acked) + 64))
until_true 60 far_enough || fail "the writers do not go on after the last kill"
exec 9>&-
status=0
wait "$race" || status=$?
same "exit status of the writers: $(cat "$WORK/race.out" "$WORK/race.err")" 0 "$status"
stop_daemon

"$LOGCTL" streams export --namespace race --to "$WORK/all.jsonl" -q >/dev/null
jq -r '[.stream, .pos, .gpos, .id] | @tsv' "$WORK/all.jsonl" | sort >"$WORK/stored"
sort "$WORK/acked" >"$WORK/acked.sorted"
answered=$(wc -l <"$WORK/acked.sorted")
stored=$(wc -l <"$WORK/stored")
same "answered but not stored at its place" "" "$(comm -23 "$WORK/acked.sorted" "$WORK/stored" | head -n 3)"
same "answered twice" "" "$(uniq -d "$WORK/acked.sorted" | head -n 3)"
same "positions given twice" "" "$(cut -f 1,2 "$WORK/acked.sorted" | sort | uniq -d | head -n 3)"
same "global positions given twice" "" "$(cut -f 3 "$WORK/stored" | sort | uniq -d | head -n 3)"
same "messages stored twice" "" "$(cut -f 4 "$WORK/stored" | sort | uniq -d | head -n 3)"
same "streams with a gap" "" "$(sort -t $'\t' -k 1,1 -k 2,2n "$WORK/stored" |
  awk -F '\t' '$1 != stream { stream = $1; next_one = 0 } $2 != next_one { print $1, $2 } { next_one = $2 + 1 }' | head -n 3)"
same "global order is that of each stream" "" "$(sort -t $'\t' -k 3,3n "$WORK/stored" |
  awk -F '\t' '$1 in last && $2 != last[$1] + 1 { print } { last[$1] = $2 }' | head -n 3)"
# At the end at most one message of each writer was on its way.
[ $((stored - answered)) -le 64 ] || fail "$stored messages are stored, only $answered were answered"
"$LOGCTL" streams verify -o json >"$WORK/verify" || fail "streams verify: $(cat "$WORK/verify")"
same "messages that verify has seen" "$stored" "$(jq '[.[].messages] | add' "$WORK/verify")"
echo "kill -9 of the daemon on $STORE: $kills kills, $answered writes answered, $stored messages; $(cat "$WORK/race.out")"
