#!/bin/bash
# What the commands say of a spool beside its daemon: what the store has already waits nowhere; and what was damaged is
# booked and told of, over restarts, until its file is moved away.
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
same "what waits is told as a bound" true "$(of .spooled_may_include_stored)"
grep -q 'spooled: the store cannot be asked, what it has already may be among it' "$WORK/err" || fail "status: $(cat "$WORK/err")"
"$LOGCTL" doctor -o plain 2>/dev/null >"$WORK/out" && fail "doctor is content without the store"
grep -q 'wait; the store cannot be asked, what it has already may be among it' "$WORK/out" || fail "doctor: $(cat "$WORK/out")"

# A byte of the frame in the middle goes wrong while nobody runs.
kill -9 "$DAEMON_PID"
segment=$(grep -l d-too "$spool"/*.segment)
at=$(grep -abo d-too "$segment" | head -n 1 | cut -d: -f1)
printf X | dd of="$segment" bs=1 seek="$at" conv=notrunc status=none
start_server
for run in first second; do
  start_daemon
  all_in_store
  until_true 10 health_is .spool degraded || fail "$run run: healthy with damage: $(cat "$BODY")"
  until_true 10 metric_is logctl_spool_corrupt_frames 1 || fail "$run run: no damage in the metrics"
  same "$run run: in spool status" 1 "$("$LOGCTL" spool status -o json | jq .damaged)"
  "$LOGCTL" doctor -o plain >"$WORK/out" 2>/dev/null && fail "$run run: doctor is content"
  grep -q '1 damaged frames' "$WORK/out" || fail "doctor: $(cat "$WORK/out")"
  "$LOGCTL" status -o json >"$WORK/out"
  same "$run run: what became of the records" '10 8 {"spool_damaged":2} 0' \
    "$(jq -c -r '"\(.received) \(.stored) \(.rejected) \(.spooled)"' "$WORK/out")"
  stop_daemon
done
mv "$spool"/corrupt/*.frame "$WORK/"
start_daemon
until_true 10 health_is .spool healthy || fail "still not healthy: $(cat "$BODY")"
reconciled
stop_daemon
echo "spool commands: $CHECKS checks passed"
