#!/bin/bash
# `logctl ingest` that a signal ends says what it has done, and ends by that signal.
# Usage: ingest_stopped.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store "$1"
stored() { [ "$(stored_ids 2>/dev/null | wc -l)" -ge "$1" ]; }

before=0
for signal in TERM INT; do
  mkfifo "$WORK/in.$signal"
  # Job control gives a command in the background back the signals that the shell ignores for it.
  set -m
  "$LOGCTL" ingest - --tenant default -o json <"$WORK/in.$signal" >"$WORK/out" 2>"$WORK/err" &
  run=$!
  set +m
  exec {feed}>"$WORK/in.$signal"
  # When the second piece is stored, the first one has been counted.
  for piece in first second; do
    "$GENERATE" ndjson 1000 1000 "$signal-$piece" >&"$feed"
    before=$((before + 1000))
    until_true 60 stored "$before" || fail "$signal: $before records were not stored: $(cat "$WORK/err")"
  done
  kill -s "$signal" "$run"
  status=0
  wait "$run" || status=$?
  exec {feed}>&-
  same "exit status after $signal" $((128 + $(kill -l "$signal"))) "$status"
  accepted=$(jq .accepted "$WORK/out")
  [ "${accepted:-0}" -ge 1000 ] || fail "$signal: told of '${accepted}' records: $(cat "$WORK/out" "$WORK/err")"
done
echo "ingest ended by TERM and INT on $STORE: it said what was done"
