#!/bin/bash
# `logctl ingest --url`: every record reaches the daemon's store once, whatever happens on the way.
. "$(dirname "$0")/../support/daemon.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store sqlite
make_key
start_daemon --set ingest.max_batch_records=100
export LOGCTL_API_KEY=$KEY
send() { "$LOGCTL" ingest --url "$URL" "$@"; }

"$GENERATE" ndjson 1000 | sed '2~2 s/"event_id":"[^"]*",//' >"$WORK/a.jsonl"
printf 'not json\n{"message":"no time, no id"}\n' >>"$WORK/a.jsonl"
status=0
send "$WORK/a.jsonl" -o json >"$WORK/out" 2>"$WORK/err" || status=$?
same "exit status with a rejected line" 3 "$status"
same "accepted" 1001 "$(jq .accepted "$WORK/out")"
same "rejected" 1 "$(jq .rejected "$WORK/out")"
same "the rejected line" 1001 "$(jq .line "$WORK/a.jsonl.rejects.jsonl")"
same "rows" 1001 "$(stored_ids | wc -l)"

# again: the ids are the same
status=0
send "$WORK/a.jsonl" -o json >"$WORK/out" 2>/dev/null || status=$?
same "exit status of a repeat" 3 "$status"
same "duplicates of a repeat" 1001 "$(jq .duplicates "$WORK/out")"

# what only the daemon refuses
export LOGCTL_INGEST_EVENT_TYPES=mine
printf '{"message":"m","event_type":"mine"}\n{"message":"fine"}\n' >"$WORK/b.jsonl"
status=0
send "$WORK/b.jsonl" -o json >"$WORK/out" 2>/dev/null || status=$?
unset LOGCTL_INGEST_EVENT_TYPES
same "exit status when the daemon rejects" 3 "$status"
same "accepted beside it" 1 "$(jq .accepted "$WORK/out")"
same "its reason" refused_by_store "$(jq -r .reason "$WORK/b.jsonl.rejects.jsonl")"

# a daemon that goes away and comes back while records are sent
"$GENERATE" ndjson 20000 1000 second >"$WORK/c.jsonl"
send "$WORK/c.jsonl" -o json >"$WORK/out" 2>"$WORK/err" &
run=$!
more() { [ "$(stored_ids | wc -l)" -gt 1500 ] || ended "$run"; }
until_true 30 more || fail "nothing arrives"
kill -9 "$DAEMON_PID"
wait "$DAEMON_PID" 2>/dev/null || true
start_daemon --set ingest.max_batch_records=100
wait "$run" || fail "the load failed: $(cat "$WORK/err")"
same "all counted" 20000 "$(jq '.accepted + .duplicates' "$WORK/out")"
same "rows after the restart" 21002 "$(stored_ids | wc -l)"

# a wrong key, and nobody there
status=0
LOGCTL_API_KEY=wrong send "$WORK/b.jsonl" >/dev/null 2>&1 || status=$?
same "exit status with a wrong key" 4 "$status"
stop_daemon
status=0
send "$WORK/b.jsonl" --retry-for 1s >/dev/null 2>"$WORK/err" || status=$?
same "exit status without a daemon" 75 "$status"
grep -q 'gave up after 1s' "$WORK/err" || fail "$(cat "$WORK/err")"
echo "ingest --url: $CHECKS checks"
