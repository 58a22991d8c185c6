#!/bin/bash
# PostgreSQL is away under load: every request is answered 2xx, memory does not grow with what waits; when it is back
# everything moves over in the order in which it came, while requests go on being taken.
# Usage: with_postgres.sh outage.sh [--seconds N]
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"
: "${GENERATE:?path of the logctl-generate binary}"

length=15
if [ $# -gt 0 ]; then
  [ "$1" = --seconds ] || fail "usage: outage.sh [--seconds N]"
  length=${2:?}
fi

use_store postgres
start_daemon

# load NAME BATCH CONNECTIONS RATE: each request is sent once, over all of the outage and the replay
LOADS=()
load() {
  "$LOAD_CLIENT" --port "$PORT" --key "$KEY" --run "$1" --batch "$2" --connections "$3" --rate "$4" \
    --records $(((length + 12) * $4 * $2)) --give-up $((length + 300)) --acked "$WORK/acked.$1" >"$WORK/load.$1" &
  LOADS+=("$!")
}
make_key --tenant two
load single 1 4 100
make_key
load ordered 50 1 20
load bulk 500 2 6

shows_spooled() { request GET /api/v1/status && [ "$STATUS" = 200 ] && [ "$(answer .data.spool.records)" -gt "$1" ]; }
acknowledged() { cat "$WORK"/acked.* 2>/dev/null | wc -l; }
has_acknowledged() { [ "$(acknowledged)" -ge "$1" ]; }

until_true 20 has_acknowledged 1000 || fail "nothing was acknowledged"
stop_server
began=$SECONDS
until_true 20 health_is .database unhealthy || fail "health without the server: $(cat "$BODY")"
expect 200 .status degraded .spool degraded

# A third of the outage later memory has what it needs; from then on it stays, and what waits grows.
until [ "$SECONDS" -ge $((began + length / 3)) ]; do sleep 0.1; done
until_true 30 shows_spooled 1000 || fail "nothing waits: $(cat "$BODY")"
spooled=$(answer .data.spool.records)
memory=$(resident)
until [ "$SECONDS" -ge $((began + length)) ]; do
  request GET /ready
  expect 200
  sleep 0.2
done
until_true 30 shows_spooled $((spooled + 10000)) || fail "what waits does not grow: $spooled, now $(cat "$BODY")"
spooled=$(answer .data.spool.records)
no_more "KiB of memory gained while the records waited" 16384 $(($(resident) - memory))
request GET /health
expect 200 .status degraded

start_server
# New requests during the replay: at least the first of these comes before the end.
ONE=$("$GENERATE" ndjson 1 | jq -c 'del(.event_id, .timestamp)')
replayed=0
until nothing_spooled && [ "$replayed" -gt 0 ]; do
  request POST /api/v1/ingest -d "$ONE"
  expect 201
  replayed=$((replayed + 1))
  [ "$SECONDS" -lt $((began + length + 120)) ] || fail "the spool was not emptied: $(cat "$BODY")"
done
for pid in "${LOADS[@]}"; do wait "$pid" || fail "a load was not acknowledged whole: $(cat "$WORK"/load.*)"; done
only_answers '20[0-9]' "$WORK"/load.*
all_in_store
until_true 20 health_is .status healthy || fail "health with the server: $(cat "$BODY")"
peak_kib=$(peak)
no_more "KiB of memory at most" 122880 "$peak_kib"
reconciled

sed 's/^/default /' "$WORK"/acked.ordered "$WORK"/acked.bulk >"$WORK/acked"
sed 's/^/two /' "$WORK/acked.single" >>"$WORK/acked"
acknowledged_once "$WORK/acked"
same "rows" $(($(wc -l <"$WORK/acked") + replayed)) "$(wc -l <"$WORK/stored")"

# One connection's records were stored in the order of their numbers: no later one by an earlier transaction.
same "records stored before their predecessor" 0 "$(psql -qXAt "$LOGCTL_DATABASE_URL" -c "
  SELECT count(*) FROM (SELECT xmin::text::bigint AS now, lag(xmin::text::bigint) OVER (ORDER BY event_id) AS before
                        FROM logs WHERE event_id LIKE 'ordered-%') AS rows WHERE now < before")"
stop_daemon
echo "outage of $length s: $spooled records waited at its end, $(wc -l <"$WORK/stored") stored, in order; memory at most $peak_kib KiB"
