#!/bin/bash
# The main job, end to end, the same on every store: in by HTTP and by file, out by filter, page and id,
# still there after a restart, and a TERM under load loses nothing that was answered.
# Usage: end_to_end.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"

use_store "$1"
start_daemon
same "health by command" healthy "$("$LOGCTL" health --url "$URL" -o json | jq -r .status)"
request GET /health
expect 200 .status healthy .spool "$([ "$STORE" = postgres ] && [ "${LOGCTL_INGEST_ACK:-}" != stored ] && echo healthy || echo none)"

# keys
make_key
request GET /api/v1/logs/recent
expect 200 .success true

# single
request POST /api/v1/ingest -d '{"event_id":"one","timestamp":"2025-01-15T10:30:00Z","event_type":"behavioral",
  "event_name":"habit_completed","properties":{"habit_id":"123","streak":5,"big":12345678901234567890,"ratio":0.10,"none":null},
  "user_id":"user-123","session_id":"session-456","app_version":"1.0.0","device_info":{"platform":"ios"},
  "sequence_number":1,"priority":"high"}'
expect 201 .success true .data.event_id one
id=$(answer .data.id)

# by id, with every value as it was sent
is_stored() { request GET "/api/v1/logs/$id" && [ "$STATUS" = 200 ]; }
until_true 20 is_stored || fail "what was acknowledged is not found: $(cat "$BODY")"
expect 200 .data.event_id one .data.timestamp 2025-01-15T10:30:00Z .data.event_name habit_completed \
  .data.properties.streak 5 .data.properties.habit_id 123 '.data.properties.none' null \
  '.data.properties|has("none")' true .data.device_info.platform ios .data.sequence_number 1 .data.priority high \
  .data.user_id user-123
grep -qE '"big": ?12345678901234567890' "$BODY" || fail "a large number lost digits: $(cat "$BODY")"
grep -qE '"ratio": ?0\.10' "$BODY" || fail "a number lost digits: $(cat "$BODY")"

# duplicate, with and without a timestamp
request POST /api/v1/ingest -d '{"event_id":"one","timestamp":"2025-01-15T10:30:00Z","event_type":"behavioral","event_name":"habit_completed"}'
expect 409 .error duplicate_event
request POST /api/v1/ingest -d '{"event_id":"timeless","event_type":"telemetry","event_name":"tick"}'
expect 201 .success true
request POST /api/v1/ingest -d '{"event_id":"timeless","event_type":"telemetry","event_name":"tick"}'
expect 409 .error duplicate_event

# batch, then a partly bad one
request POST /api/v1/batch-ingest -d "$(jq -nc '{logs: [range(100) | {event_id: "b\(.)", timestamp: "2025-01-16T00:00:00Z",
  event_type: "telemetry", event_name: "sample", user_id: "u\(. % 5)", sequence_number: .}]}')"
expect 201 .data.logs_processed 100 .data.total_received 100
request POST /api/v1/batch-ingest -d '{"logs":[{"event_id":"g1","event_type":"error","event_name":"ok","timestamp":"2025-01-17T00:00:00Z"},
  {"event_id":"bad","event_type":"nonsense","event_name":"x"},{"event_id":"b5","timestamp":"2025-01-16T00:00:00Z","event_type":"telemetry","event_name":"sample"},
  {"event_id":"g2","event_type":"error","event_name":"ok","timestamp":"2025-01-17T00:00:01Z"}]}'
expect 201 .data.logs_processed 2 .data.total_received 4 .data.duplicates 1 .data.rejected 1 \
  '.data.errors[0].index' 1 '.data.errors[0].field' event_type

# cmd-log and Log Aggregator shapes on one path
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
request POST /api/v1/logs -d "{\"log\":{\"timestamp\":\"$now\",\"service\":\"pay ments!\",\"level\":\"warning\",\"message\":\"slow\",\"metadata\":{\"ms\":42,\"password\":\"x\"}}}"
expect 202 .message 'Log accepted'
request POST /api/v1/logs/batch -d "{\"logs\":[{\"timestamp\":\"$now\",\"service\":\"a\",\"level\":\"info\",\"message\":\"m1\"},{\"service\":\"a\"}]}"
expect 202 .accepted 1 .total 2 .rejected 1
request POST /api/v1/logs -d '{"message":"from a host","level":"INFO","host":"web-1"}'
expect 201 .success true
request POST /api/v1/logs/batch -d '[{"message":"a","level":"INFO","host":"web-1"},{"message":"b","level":"ERROR","host":"web-2"}]'
expect 201 .success true

# a file, plain and compressed, the second time only duplicates
sample=$(dirname "$0")/../../examples/sample.jsonl
lines=$(wc -l <"$sample")
same "records from the file" "$lines" "$("$LOGCTL" ingest "$sample" -o json | jq .accepted)"
gzip -c "$sample" >"$WORK/again.gz"
same "duplicates from gzip" "$lines" "$("$LOGCTL" ingest "$WORK/again.gz" -o json | jq .duplicates)"
zstd -q -c "$sample" >"$WORK/again.zst"
same "duplicates from zstd on stdin" "$lines" "$("$LOGCTL" ingest - -o json <"$WORK/again.zst" | jq .duplicates)"
same "nothing from a finished file" 0 "$("$LOGCTL" ingest "$sample" -o json -q | jq '.accepted + .duplicates')"
printf '{"message":"good","event_id":"f1","timestamp":"2025-01-18T00:00:00Z"}\nnot json\n{"message":"good","event_id":"f2","timestamp":"2025-01-18T00:00:01Z"}\n' >"$WORK/mixed.jsonl"
status=0
"$LOGCTL" ingest "$WORK/mixed.jsonl" -o json >"$WORK/mixed.out" || status=$?
same "exit status of a partly bad file" 3 "$status"
same "accepted of a partly bad file" 2 "$(jq .accepted "$WORK/mixed.out")"
same "the rejected line" 2 "$(jq -r .line "$WORK/mixed.jsonl.rejects.jsonl")"
same "the rejected text" "not json" "$(jq -r .raw "$WORK/mixed.jsonl.rejects.jsonl")"

# everything sent, counted
total=$((1 + 1 + 100 + 2 + 1 + 1 + 1 + 2 + lines + 2))
request GET /api/v1/status
expect 200 .data.database.total_logs "$total"
same "rows by the command" "$total" "$(stored_ids | wc -l)"

# filters
request GET '/api/v1/logs/filter?user_id=u3&page_size=7&page=2&sort_by=sequence_number&sort_order=ASC'
expect 200 .data.total_count 20 .data.total_pages 3 .data.page 2 '.data.logs|length' 7 '.data.logs[0].sequence_number' 38
request GET '/api/v1/logs/filter?provider_name=nfc_notifier'
expect 200 .data.total_count "$(grep -c '"provider":"nfc_notifier"' "$sample")"
request GET '/api/v1/logs/filter?start_time=2025-01-16T00:00:00Z&end_time=2025-01-16T23:59:59Z'
expect 200 .data.total_count 100
request GET '/api/v1/logs/filter?event_name=nothing-like-it'
expect 200 .data.total_count 0 .data.logs null
request GET '/api/v1/logs?user_id=u1&limit=3'
expect 200 .success true '.data|length' 3 .meta.limit 3
same "query by level" "$(jq -c 'select(.level=="CRITICAL" or .level=="FATAL")' "$sample" | wc -l)" \
  "$(stored_ids --min-level critical | wc -l)"
same "query by text" "$(grep -c 'insufficient funds' "$sample")" "$(stored_ids --message 'INSUFFICIENT funds' | wc -l)"

# secrets are not kept, names are cleaned
request GET '/api/v1/logs/filter?level=WARNING&service=payments'
expect 200 .data.total_count 1 '.data.logs[0].properties|has("password")' false '.data.logs[0].properties.ms' 42

# page through everything by cursor: each record once, newest first
cursor=
: >"$WORK/paged"
while :; do
  request GET "/api/v1/logs/filter?page_size=37&cursor=$cursor"
  expect 200
  answer '.data.logs[]?|[.timestamp,.id]|@tsv' >>"$WORK/paged"
  cursor=$(answer '.data.next_cursor // .next_cursor // empty')
  [ -n "$cursor" ] || break
done
same "records by cursor" "$total" "$(wc -l <"$WORK/paged")"
same "distinct records by cursor" "$total" "$(cut -f2 "$WORK/paged" | sort -u | wc -l)"

# restart: all still there
stop_daemon
start_daemon
request GET /api/v1/status
expect 200 .data.database.total_logs "$total"
request GET "/api/v1/logs/$id"
expect 200 .data.event_id one

# a revoked key ends within a second
"$LOGCTL" keys revoke "$KEY_ID"
key_ended() { request GET /api/v1/logs/recent; [ "$STATUS" = 401 ]; }
revoked_at=$(date +%s%N)
until_true 5 key_ended || fail "a revoked key still works"
took_ms=$((($(date +%s%N) - revoked_at) / 1000000))
# The slack is what the asking itself takes: each look starts a curl and some other programs.
[ "$took_ms" -lt 1500 ] || fail "a revoked key worked for $took_ms ms"
make_key

# TERM under load: every record that was answered is stored once
"$LOAD_CLIENT" --port "${URL##*:}" --key "$KEY" --run term --records 200000 --batch 200 --connections 4 \
  --give-up 20 --acked "$WORK/acked" >"$WORK/load.out" &
load=$!
until_true 20 test -s "$WORK/acked" || fail "the load did not begin"
stop_daemon
wait "$load" || true
stored_ids | grep '^term-' | sort >"$WORK/stored"
sort "$WORK/acked" >"$WORK/acked.sorted"
same "answered but not stored" 0 "$(comm -23 "$WORK/acked.sorted" "$WORK/stored" | wc -l)"
same "stored twice" 0 "$(uniq -d "$WORK/stored" | wc -l)"
[ "$(wc -l <"$WORK/acked")" -gt 0 ] || fail "nothing was answered before the end"

echo "end to end on $STORE: $CHECKS checks passed, $(wc -l <"$WORK/acked") records answered before TERM"
