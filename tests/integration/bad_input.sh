#!/bin/bash
# Bad input: each a clear 4xx that says what is wrong, and nothing lost.
# Usage: bad_input.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"

use_store "$1"
start_daemon --set server.max_body_bytes=256KiB --set server.max_decompressed_bytes=1MiB
make_key
good='{"event_id":"g","event_type":"error","event_name":"n"}'

says() {  # TEXT: the last answer mentions it
  CHECKS=$((CHECKS + 1))
  grep -qF -- "$1" "$BODY" || fail "the answer does not mention '$1': $(cat "$BODY")"
}

request POST /api/v1/ingest -d '{"event_id": "x", oops}'
expect 400 .error invalid_json
says "byte 18"
request POST /api/v1/ingest -d '{"event_id":"x"'
expect 400 .error invalid_json
request POST /api/v1/ingest -d ''
expect 400
TYPE=text/csv request POST /api/v1/ingest -d "$good"
expect 415
says application/json
request POST /api/v1/batch-ingest -d '{"logs":[]}'
expect 400 .error empty_batch
request POST /api/v1/batch-ingest -d "$(jq -nc '{logs: [range(1001) | {event_id: "x\(.)", event_type: "error", event_name: "n"}]}')"
expect 400 .error batch_too_large
says 1000
request POST /api/v1/batch-ingest -d '"text"'
expect 400
head -c 300000 /dev/zero | tr '\0' ' ' >"$WORK/large"
request POST /api/v1/ingest --data-binary "@$WORK/large"
expect 413
says 262144
head -c 50000000 /dev/zero | gzip -c >"$WORK/bomb.gz"
request POST /api/v1/ingest -H 'Content-Encoding: gzip' --data-binary "@$WORK/bomb.gz"
expect 413
says 1048576
printf '%s' "$good" | gzip -c | head -c 40 >"$WORK/cut.gz"
request POST /api/v1/ingest -H 'Content-Encoding: gzip' --data-binary "@$WORK/cut.gz"
expect 400
request POST /api/v1/ingest -H 'Content-Encoding: br' -d "$good"
expect 415
says zstd
request POST /api/v1/ingest -d '{"event_id":"x","event_type":"odd","event_name":"n"}'
expect 400 .error validation_error '.details[0].field' event_type
says behavioral
request POST /api/v1/ingest -d '{"event_id":"x","event_type":"error"}'
expect 400 .error validation_error '.details[0].field' event_name
request POST /api/v1/ingest -d '{"event_id":"x","event_type":"error","event_name":"n","timestamp":"2999-01-01T00:00:00Z"}'
expect 400 '.details[0].field' timestamp
request POST /api/v1/ingest -d '{"event_id":"x","event_type":"error","event_name":"a\u0000b"}'
expect 400 .error validation_error
request POST /api/v1/ingest -d '{"event_id":"x","event_type":"error","event_name":"n","properties":{"n":1e400000}}'
expect 400 .error validation_error
request POST /api/v1/ingest --data-binary $'{"event_id":"x","event_type":"error","event_name":"\xff"}'
expect 400
request POST /api/v1/ingest -d '{"event_id":"x","event_type":"error","event_name":"\ud800"}'
expect 400

# keys
right=$KEY
KEY=wrong
request POST /api/v1/ingest -d "$good"
expect 401 .error unauthorized
KEY=${right%?}$([ "${right: -1}" = a ] && echo b || echo a)
request POST /api/v1/ingest -d "$good"
expect 401
STATUS=$(curl -sS -o "$BODY" -w '%{http_code}' "$URL/api/v1/logs/recent")
expect 401 .error unauthorized
make_key --expires 1s
expired() { request POST /api/v1/ingest -d '{}'; [ "$STATUS" = 401 ]; }
until_true 10 expired || fail "an expired key works"
says expired
make_key
"$LOGCTL" keys revoke "$KEY_ID"
until_true 5 expired || fail "a revoked key works"
make_key --scopes read
request POST /api/v1/ingest -d "$good"
expect 403 .error forbidden
says ingest
make_key --scopes ingest
request GET /api/v1/logs/recent
expect 403 .error forbidden
KEY=$right

request GET /api/v1/nothing
expect 404 .error not_found
request DELETE /api/v1/ingest
expect 405 .error method_not_allowed
grep -qi '^allow: .*POST' "$HEADERS" || fail "405 without Allow"
request GET '/api/v1/logs/filter?page=0'
expect 400
request GET '/api/v1/logs/filter?start_time=yesterday'
expect 400 .error invalid_start_time
request GET '/api/v1/logs/filter?pagesize=3'
expect 400
says page_size
request GET '/api/v1/logs/filter?cursor=garbage'
expect 400
request GET "/api/v1/logs/filter?user_id=%27%3B+DROP+TABLE+logs%3B--"
expect 200 .data.total_count 0

# a rate limit of its own, with headers
KEY=$("$LOGCTL" keys create --name slow --rps 1 --burst 2 -o json | jq -r .key)
for _ in 1 2 3 4; do request GET /api/v1/logs/recent; done
expect 429 .error rate_limit_exceeded
grep -qiE '^retry-after: [1-9][0-9]*' "$HEADERS" || fail "429 without Retry-After"
grep -qiE '^x-ratelimit-limit: 2' "$HEADERS" || fail "429 without X-RateLimit-Limit"
KEY=$right

# nothing of all this was stored, and the service goes on
request GET /api/v1/status
expect 200 .data.database.total_logs 0
request POST /api/v1/ingest -d "$good"
expect 201
grep -qi '^x-request-id: ' "$HEADERS" || fail "no request id"
grep -qi '^x-content-type-options: nosniff' "$HEADERS" || fail "no security headers"
stop_daemon
echo "bad input on $STORE: $CHECKS checks passed"
