#!/bin/bash
# A spool that is full, by its limit and because its disk is: 503 with Retry-After and never 500, nothing lost that was
# acknowledged, memory bounded, and it takes records again by itself when the server is back.
# Usage: with_postgres.sh spool_full.sh
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"
: "${GENERATE:?path of the logctl-generate binary}"

BATCH=$WORK/batch.json
"$GENERATE" ndjson 100 1000 probe | jq -cs '{logs: .}' >"$BATCH"

# Fills the spool of a running daemon while the server says nothing, and lets go again. NAME marks the records,
# WHY is what the refusals say.
fill_and_recover() {
  local name=$1 why=$2 records=60000 load memory n retry
  freeze_server
  "$LOAD_CLIENT" --port "$PORT" --key "$KEY" --run "$name" --batch 100 --connections 8 --records "$records" --retry \
    --give-up 200 --acked "$WORK/acked" >"$WORK/load" &
  load=$!
  refused() { request POST /api/v1/batch-ingest -d "@$BATCH" && [ "$STATUS" != 201 ]; }
  until_true 60 refused || fail "the spool never was full"
  memory=$(resident)
  for ((n = 0; n < 50; n++)); do
    # Once it is full it stays so; the same batch again is no exception.
    request POST /api/v1/batch-ingest -d "@$BATCH"
    expect 503 .message "$why"
    retry=$(sed -nE 's/^retry-after: ([0-9]+).?$/\1/Ip' "$HEADERS")
    [ "${retry:-0}" -ge 1 ] && [ "$retry" -le 60 ] || fail "no Retry-After from 1 to 60: $(cat "$HEADERS")"
  done
  request GET /ready
  expect 503
  # The first refusal may come while the table of ids that were seen lately, of 8 MiB, is yet to be touched again.
  no_more "KiB of memory gained by refusing" 16384 $(($(resident) - memory))
  thaw_server
  wait "$load" || fail "not everything was taken after the server came back: $(cat "$WORK/load")"
  only_answers '201|503' "$WORK/load"
  same "refusals" true "$(jq '.answers["503"] > 0' "$WORK/load")"
  all_in_store
  request POST /api/v1/batch-ingest -d "@$BATCH"
  expect 201
  all_in_store
  no_more "KiB of memory at most" 122880 "$(peak)"
  reconciled
  sed 's/^/default /' "$WORK/acked" >"$WORK/acked.rows"
  acknowledged_once "$WORK/acked.rows"
  same "rows" $((100 + $(wc -l <"$WORK/acked.rows"))) "$(wc -l <"$WORK/stored")"
}

# Nobody sends any more, as behind a load balancer that asks /ready only: that is enough to end the refusing.
ready_again() {
  freeze_server
  # Each batch once.
  "$LOAD_CLIENT" --port "$PORT" --key "$KEY" --run ready --batch 100 --connections 8 --records 60000 \
    --acked "$WORK/acked" >"$WORK/load" || true
  request GET /ready
  expect 503 .message "the spool is full"
  thaw_server
  is_ready() { request GET /ready && [ "$STATUS" = 200 ]; }
  until_true 60 is_ready || fail "not ready after the spool was drained: $(cat "$BODY")"
  all_in_store
}

use_store postgres
make_key
start_daemon --set spool.max_bytes=8MiB --set spool.segment_bytes=1MiB

# The spool has one owner.
status=0
timeout 30 "$LOGCTL" serve --set server.host=127.0.0.1 --set server.port=0 2>"$WORK/second.log" || status=$?
same "exit status of a second daemon on the spool" 6 "$status"

fill_and_recover limit "too much is waiting for the store"
ready_again
stop_daemon

# A disk of its own, without a limit that would stop before its end.
disk=$WORK/disk
mkdir "$disk"
if [ "$(id -u)" != 0 ] || ! mount -t tmpfs -o size=16m logctl-test "$disk" 2>"$WORK/mount.log"; then
  echo "spool at its limit: recovered. The full disk was not tried: no tmpfs can be mounted here $(cat "$WORK/mount.log" 2>/dev/null)"
  exit 0
fi
# Unmounted at once for names, in fact when the daemon that uses it is gone.
trap 'status=$?; umount -l "$disk"; (exit $status); finish' EXIT
start_daemon --set spool.directory="$disk/spool" --set spool.segment_bytes=1MiB --set spool.min_free=0
export LOGCTL_SPOOL_DIRECTORY=$disk/spool
fill_and_recover disk "the disk of the spool has too little free space"
stop_daemon
echo "spool full, by its limit and by its disk: refused, recovered, $(wc -l <"$WORK/acked") records acknowledged, each stored once"
