#!/bin/bash
# /api/v1/logs/query: everything that matches, how an answer ends, and what happens to the statement of a client that
# hangs up. Usage: query_stream.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store "$1"
RECORDS=20000
"$GENERATE" ndjson "$RECORDS" >"$WORK/all.jsonl"
"$LOGCTL" ingest -q "$WORK/all.jsonl"
start_daemon --set query.max_running=2
make_key
export LOGCTL_API_KEY=$KEY

# every record once, in the order of the store, and a last line that says so
"$LOGCTL" query --limit 0 -o jsonl >"$WORK/expected.jsonl"
same "records in the store" "$RECORDS" "$(wc -l <"$WORK/expected.jsonl")"
request GET /api/v1/logs/query
same "status" 200 "$STATUS"
same "content type" "application/x-ndjson" "$(sed -n 's/^Content-Type: \(.*\)\r$/\1/p' "$HEADERS")"
same "last line" "{\"end\":\"complete\",\"records\":$RECORDS}" "$(tail -n 1 "$BODY")"
head -n -1 "$BODY" | cmp - "$WORK/expected.jsonl" || fail "the stream differs from logctl query"
request HEAD /api/v1/logs/query --head
same "status of HEAD" 200 "$STATUS"

# a limit gives the place to go on from, and the parts are the whole
cursor=
: >"$WORK/parts.jsonl"
for part in 1 2 3; do
  request GET "/api/v1/logs/query?limit=7001&cursor=$cursor"
  head -n -1 "$BODY" >>"$WORK/parts.jsonl"
  [ "$part" = 3 ] || same "end of part $part" limit "$(tail -n 1 "$BODY" | jq -r .end)"
  cursor=$(tail -n 1 "$BODY" | jq -r '.next_cursor // ""')
done
same "end of the last part" "{\"end\":\"complete\",\"records\":$((RECORDS - 14002))}" "$(tail -n 1 "$BODY")"
cmp "$WORK/parts.jsonl" "$WORK/expected.jsonl" || fail "the parts are not the whole"

# one question, four spellings
"$LOGCTL" query --limit 0 -o jsonl 'level>=warn' >"$WORK/warnings.jsonl"
[ -s "$WORK/warnings.jsonl" ] || fail "there are no warnings to look for"
asked() { head -n -1 "$BODY" | cmp - "$WORK/warnings.jsonl" || fail "another answer: $(head -c 300 "$BODY")"; CHECKS=$((CHECKS + 1)); }
request GET '/api/v1/logs/query?q=level%3E%3Dwarn'; asked
TYPE=text/plain request POST /api/v1/logs/query --data-binary $'level>=warn\n'; asked
TYPE=application/json request POST /api/v1/logs/query --data-binary '{"q":"level>=warn","limit":0}'; asked
TYPE=application/x-www-form-urlencoded request POST /api/v1/logs/query --data-urlencode 'q=level>=warn'; asked

# what is wrong is said before anything is sent
request GET '/api/v1/logs/query?q=servce:api'
expect 400 '.details[0].message | test("did you mean")' true
request GET '/api/v1/logs/query?page=2'
expect 400 '.details[0].field' page
request GET '/api/v1/logs/query?limit=x'
expect 400 '.details[0].field' limit
request GET '/api/v1/logs/query?sort_by=level'
expect 400 '.details[0].field' limit
request POST /api/v1/logs/query --data-binary '{"q":'
expect 400 .error invalid_json .message 'the body is not JSON: byte 5: found the end, expected a value'
request POST /api/v1/logs/query --data-binary '{"q":["a"]}'
expect 400 .error invalid_json
TYPE=image/png request POST /api/v1/logs/query --data-binary 'x'
expect 415 .error unsupported_media_type
everybody=$KEY
KEY=wrong
request GET /api/v1/logs/query
expect 401 .error unauthorized
make_key --scopes ingest
request GET /api/v1/logs/query
expect 403 .error forbidden

# a bound key sees its own rows only
make_key --scopes read --only min_level=warn
request GET /api/v1/logs/query
asked
KEY=$everybody

# the command line prints the same from the daemon as from the store
for format in jsonl json csv plain table; do
  "$LOGCTL" query 'level>=warn' --limit 1200 -o "$format" >"$WORK/store.out"
  "$LOGCTL" query 'level>=warn' --limit 1200 -o "$format" --url "$URL" >"$WORK/daemon.out"
  cmp "$WORK/store.out" "$WORK/daemon.out" || fail "logctl query --url -o $format differs"
  CHECKS=$((CHECKS + 1))
done
status=0
LOGCTL_API_KEY=wrong "$LOGCTL" query --url "$URL" >/dev/null 2>"$WORK/said" || status=$?
same "exit status without a key" 4 "$status"
status=0
"$LOGCTL" query 'servce:api' --url "$URL" >/dev/null 2>"$WORK/said" || status=$?
grep -q "did you mean 'service'" "$WORK/said" || fail "the daemon's words: $(cat "$WORK/said")"

# places are limited; who hangs up gives one back
slow() { exec curl -sS -N --limit-rate 1k -o "$WORK/slow.$1" "$URL/api/v1/logs/query" -H "Authorization: Bearer $KEY"; }
began() { [ -s "$WORK/slow.$1" ]; }
slow 1 & one=$!
slow 2 & two=$!
until_true 20 began 1 && until_true 20 began 2 || fail "the slow answers did not begin"
request GET '/api/v1/logs/query?limit=1'
expect 503 .error overloaded
grep -qi '^Retry-After: [0-9]' "$HEADERS" || fail "no Retry-After"
request GET '/api/v1/logs/filter?page_size=1'
expect 200
kill "$one"
wait "$one" || true
free() { request GET '/api/v1/logs/query?limit=1' && [ "$STATUS" = 200 ]; }
until_true 20 free || fail "the place of a client that hung up was not given back"

# the stop: what is running says that it is cut, and where to go on
kill -TERM "$DAEMON_PID"
kill "$two"
wait "$two" || true
wait "$DAEMON_PID"
curl_all() { exec curl -sS -N -o "$WORK/cut" "$URL/api/v1/logs/query" -H "Authorization: Bearer $KEY"; }
PORT=
start_daemon
curl_all & reader=$!
until_true 20 test -s "$WORK/cut" || fail "the answer did not begin"
kill -STOP "$reader"
kill -TERM "$DAEMON_PID"
stopping() { grep -q stopping "$WORK/daemon.1.log"; }
until_true 20 stopping || fail "the daemon does not stop"
kill -CONT "$reader"
status=0
wait "$reader" || status=$?
wait "$DAEMON_PID" || fail "the daemon left with $?"
if [ "$(tail -n 1 "$WORK/cut" | jq -r '.end // ""')" != complete ]; then
  same "last line of a cut answer" unavailable "$(tail -n 1 "$WORK/cut" | jq -r .error)"
  [ "$status" != 0 ] || fail "curl took a cut answer for a whole one"
  lines=$(($(wc -l <"$WORK/cut") - 1))
  same "records of a cut answer" "$lines" "$(tail -n 1 "$WORK/cut" | jq -r .records)"
  cursor=$(tail -n 1 "$WORK/cut" | jq -r .next_cursor)
  PORT=
  start_daemon
  request GET "/api/v1/logs/query?cursor=$cursor"
  same "records of both parts" "$RECORDS" $((lines + $(wc -l <"$BODY") - 1))
  stop_daemon
fi

if [ "$STORE" = postgres ]; then
  # a statement that waits for a lock ends when its client does, and when it takes too long
  PORT=
  start_daemon --set query.max_running=1
  psql -qX "$LOGCTL_DATABASE_URL" -c 'BEGIN; LOCK TABLE logs IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)' >/dev/null 2>&1 &
  locker=$!
  count() { psql -qXAt "$LOGCTL_DATABASE_URL" -c "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND $1"; }
  locked() { [ "$(count "query LIKE '%pg_sleep(600)%' AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()")" = 1 ]; }
  until_true 20 locked || fail "the table was not locked"
  runs() { [ "$(count "query LIKE 'SELECT timestamp, event_id%' AND state = 'active'")" = "$1" ]; }
  exec 3>&1
  (exec curl -sS -N -o /dev/null "$URL/api/v1/logs/query" -H "Authorization: Bearer $KEY") & reader=$!
  until_true 20 runs 1 || fail "the statement does not run"
  kill "$reader"
  wait "$reader" || true
  until_true 10 runs 0 || fail "the statement of a client that hung up goes on"
  # so it is with every call that reads
  waits() { [ "$(count "state = 'active' AND wait_event_type = 'Lock' AND query LIKE '%logs%'")" = "$1" ]; }
  for call in filter recent 'hits?q=x' facets fields 'fields/service/values?q=x' 'stats?q=x' patterns 'context?id=AAZIakmr6ABldi0x'; do
    until_true 10 waits 0 || fail "statements of others wait"
    (exec curl -sS -o /dev/null "$URL/api/v1/logs/$call" -H "Authorization: Bearer $KEY") & reader=$!
    until_true 20 waits 1 || fail "the statement of $call does not wait for the lock"
    kill "$reader"
    wait "$reader" || true
    until_true 10 waits 0 || fail "the statement of $call goes on when its client has hung up"
    CHECKS=$((CHECKS + 1))
  done
  locked || fail "the lock was gone: the test shows nothing"
  stop_daemon
  PORT=
  start_daemon --set database.statement_timeout=300ms
  request GET /api/v1/logs/query
  expect 504 .error timeout
  kill "$locker" 2>/dev/null || true
  psql -qX "$LOGCTL_DATABASE_URL" -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()" >/dev/null
  wait "$locker" || true
  stop_daemon
fi
echo "query stream on $1: $CHECKS checks passed"
