#!/bin/bash
# Keys while daemons run: rotation under load, rights and limits that change, rows that stay hidden, keys of other servers.
# On PostgreSQL with two daemons, on SQLite with one. Usage: keys.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"
: "${LOAD_CLIENT:?path of the logctl-load binary}"

use_store "$1"
start_daemon
first=$DAEMON_PID
urls=("$URL")
if [ "$STORE" = postgres ]; then
  PORT=
  LOGCTL_STORAGE_DATA_DIR=$WORK/data2 start_daemon
  urls+=("$URL")
fi
make_key
admin_key=$KEY

# as KEY METHOD PATH [curl arguments]: a request with another key
as() { local KEY=$1; shift; request "$@"; }
# everywhere COMMAND...: true when it is on every daemon
everywhere() {
  local URL
  for URL in "${urls[@]}"; do "$@" || return 1; done
}
answers() { as "$1" GET /api/v1/logs/recent; [ "$STATUS" = "$2" ]; }
# new_key [logctl keys create arguments]: sets NEW and NEW_ID
new_key() {
  "$LOGCTL" keys create -q -o json "$@" >"$WORK/new.json"
  NEW=$(jq -r .key "$WORK/new.json")
  NEW_ID=$(jq -r .id "$WORK/new.json")
}
event() { printf '{"event_id":"%s","timestamp":"2025-01-15T10:30:00Z","event_type":"error","event_name":"%s"}' "$1" "${2:-n}"; }

# a client that reads its key anew for every request, and goes from daemon to daemon
patient_client() {
  local n=0
  until [ -e "$WORK/stop" ]; do
    n=$((n + 1))
    curl -sS --max-time 60 -o /dev/null -w '%{http_code}\n' "${urls[$((n % ${#urls[@]}))]}/api/v1/ingest" \
      -H "X-API-Key: $(<"$WORK/key")" -H 'Content-Type: application/json' -d "$(event "rotated-$n" rotated)" >>"$WORK/statuses"
  done
}
has_sent() { [ "$(wc -l <"$WORK/statuses")" -ge "$1" ]; }

# rotation under load: three times in a row, the client moves within the overlap
"$LOAD_CLIENT" --port "${urls[0]##*:}" --key "$KEY" --run load --records 400000 --batch 200 --connections 2 \
  >"$WORK/load.out" 2>&1 &
load=$!
new_key --name app --rps none
id=$NEW_ID
printf '%s\n' "$NEW" >"$WORK/key"
: >"$WORK/statuses"
patient_client &
client=$!
ended=()
for round in 1 2 3; do
  until_true 60 has_sent $((round * 20)) || fail "the client does not get on: $(tail -3 "$WORK/statuses")"
  old=$(<"$WORK/key")
  "$LOGCTL" keys rotate "$id" --overlap 8s -o json -q >"$WORK/rotated.json"
  same "whose place it takes" "$id" "$(jq -r .replaces "$WORK/rotated.json")"
  # both work, at once and on every daemon
  new=$(jq -r .key "$WORK/rotated.json")
  everywhere answers "$new" 200 || fail "the new key does not work at once: $STATUS"
  answers "$old" 200 || fail "the old key ended before the overlap: $STATUS"
  printf '%s\n' "$new" >"$WORK/key.new"
  mv "$WORK/key.new" "$WORK/key"
  ended+=("$old")
  id=$(jq -r .id "$WORK/rotated.json")
done
for old in "${ended[@]}"; do
  until_true 60 everywhere answers "$old" 401 || fail "an old key outlives the overlap"
done
: >"$WORK/stop"
wait "$client"
wait "$load" || fail "the load: $(cat "$WORK/load.out")"
has_sent 60 || fail "the client sent too little"
same "answers other than 201" "" "$(grep -v '^201$' "$WORK/statuses" | sort | uniq -c || true)"
everywhere all_in_store
same "events of the client" "$(wc -l <"$WORK/statuses")" "$(stored_ids --event-name rotated | wc -l)"

# who still uses the old key can be seen
used() { [ "$("$LOGCTL" keys show "$1" -o json | jq .uses)" -ge 20 ]; }
until_true 30 used "$id" || fail "the use of the key is not told: $("$LOGCTL" keys show "$id")"

# an end that comes near: header, metric, doctor
new_key --name near --expires 3d
as "$NEW" GET /api/v1/logs/recent
expect 200
grep -qi '^x-api-key-expires: 20[0-9-]*T' "$HEADERS" || fail "no header tells the end: $(cat "$HEADERS")"
counts_ending() { curl -sS "$URL/metrics" | grep '^logctl_keys{state="ending"} 1$' >/dev/null; }
until_true 20 everywhere counts_ending || fail "no metric tells the end"
same "doctor" warning "$("$LOGCTL" doctor -o jsonl | jq -r 'select(.check == "keys") | .state')"

# limits, set while it runs
new_key --name limited --scopes ingest
limited=$NEW
limited_id=$NEW_ID
batch() { printf '{"logs":[%s,%s,%s]}' "$(event "$1-1")" "$(event "$1-2")" "$(event "$1-3")"; }
"$LOGCTL" keys limits "$limited_id" --records 1/h --records-burst 3 -q >/dev/null
takes_batch() { as "$limited" POST /api/v1/batch-ingest -d "$(batch "$1")"; [ "$STATUS" = "$2" ]; }
until_true 20 takes_batch l 429 || fail "the limit of records is not kept: $STATUS"
expect 429 .error rate_limit_exceeded
grep -q '1 records per hour, burst 3' "$BODY" || fail "the bucket is not named: $(cat "$BODY")"
[ "$(grep -i '^retry-after:' "$HEADERS" | tr -dc 0-9)" -ge 1 ] || fail "no Retry-After: $(cat "$HEADERS")"
"$LOGCTL" keys limits "$limited_id" --records none --bytes 1/h --bytes-burst 10 -q >/dev/null
bytes_refuse() { takes_batch m 429 && grep -qE 'bytes per (second|minute|hour)' "$BODY"; }
until_true 20 bytes_refuse || fail "the limit of bytes is not kept: $(cat "$BODY")"
"$LOGCTL" keys limits "$limited_id" --bytes none -q >/dev/null
until_true 20 everywhere takes_batch n 201 || fail "the limits are not taken away: $(cat "$BODY")"

# rows that stay hidden
KEY=$admin_key
now=$(date -u +%FT%TZ)
for service in ledger shop-floor; do
  request POST /api/v1/logs/batch -d "{\"logs\":[{\"timestamp\":\"$now\",\"service\":\"$service\",\"level\":\"ERROR\",\"message\":\"$service here\"}]}"
  expect 202
done
everywhere all_in_store
request GET '/api/v1/logs/filter?service=shop-floor'
expect 200 .data.total_count 1
hidden=$(answer '.data.logs[0].id')
request GET '/api/v1/logs/filter?service=ledger'
shown=$(answer '.data.logs[0].id')
new_key --name bound --scopes read --only service=ledger
bound=$NEW
as "$bound" GET /api/v1/logs/recent
expect 200 '.data|length' 1 '.data[0].service' ledger
as "$bound" GET '/api/v1/logs/filter?service=shop-floor'
expect 200 .data.total_count 0
as "$bound" GET '/api/v1/logs/filter?sort_by=service&page_size=1000'
expect 200 .data.total_count 1
as "$bound" GET '/api/v1/logs/filter?cursor='
expect 200 '.data.logs|length' 1
as "$bound" GET /api/v1/logs
expect 200 '.data|length' 1
as "$bound" GET "/api/v1/logs/$hidden"
expect 404
as "$bound" GET "/api/v1/logs/$shown"
expect 200 .data.service ledger
as "$bound" GET /api/v1/metrics
expect 200 .data.total_logs 1
as "$bound" GET /api/v1/status
expect 200 .data.database.total_logs 1 '.data|has("received")' false '.data|has("spool")' false
# counts, and what leads from one row to others
while read -r path filter found; do
  as "$bound" GET "/api/v1/logs/$path"
  expect 200 "$filter" "$found"
  grep -q shop-floor "$BODY" && fail "$path shows a hidden row: $(cat "$BODY")"
done <<PATHS
hits?step=1d&group=service .data.total 1
facets .data.rows 1
fields .data.rows 1
fields/service/values .data.rows 1
fields/event_name/values?prefix=rot .data.distinct 0
stats?by=service .data.rows[0].count 1
patterns .data.rows 1
context?id=$shown&before=50&after=50 .data.logs|length 1
query .message//empty ledger here
PATHS
as "$bound" GET "/api/v1/logs/context?id=$hidden"
expect 404
: >"$WORK/bound.sse"
curl -sSN -o "$WORK/bound.sse" "$URL/api/v1/logs/tail?lines=100" -H "X-API-Key: $bound" &
tail=$!
follows() { grep -q ': following' "$WORK/bound.sse"; }
until_true 20 follows || fail "the tail of a bound key does not begin: $(cat "$WORK/bound.sse")"
for service in shop-floor ledger; do
  request POST /api/v1/logs/batch -d "{\"logs\":[{\"timestamp\":\"$(date -u +%FT%TZ)\",\"service\":\"$service\",\"level\":\"ERROR\",\"message\":\"$service again\"}]}"
  expect 202
done
hears() { grep -q "$1" "$WORK/bound.sse"; }
until_true 20 hears 'ledger again' || fail "the tail of a bound key: $(cat "$WORK/bound.sse")"
kill "$tail"
wait "$tail" || true
same "what the tail of a bound key heard" "ledger here, ledger again" \
  "$(sed -n 's/^data: //p' "$WORK/bound.sse" | jq -rs 'map(.message | select(.)) | join(", ")')"
as "$bound" POST /api/v1/ingest -d "$(event x)"
expect 403

# keys of another server, taken over and then rotated
printf 'DB_HOST=db\nAPI_KEYS=an-old-key-of-cmd-log,another-old-key-of-it\n' >"$WORK/.env"
same "imported keys" 2 "$("$LOGCTL" keys import "$WORK/.env" --name cmd-log -q -o jsonl | grep -c '"state":"imported"')"
until_true 20 everywhere answers an-old-key-of-cmd-log 200 || fail "an imported key does not work"
imported=$("$LOGCTL" keys list -o jsonl | jq -r 'select(.name == "cmd-log-1") | .id')
new=$("$LOGCTL" keys rotate "$imported" --overlap 0 -o plain -q)
everywhere answers "$new" 200 || fail "the key in the place of an imported one does not work"
until_true 20 everywhere answers an-old-key-of-cmd-log 401 || fail "a rotated imported key still works"

# revoked: everywhere, in a moment
"$LOGCTL" keys revoke "$(jq -r .id <(LOGCTL_API_KEY=$new "$LOGCTL" keys verify -o json))" -q
until_true 5 everywhere answers "$new" 401 || fail "a revoked key still works"
status=0
LOGCTL_API_KEY=$new "$LOGCTL" keys verify 2>"$WORK/verify" || status=$?
same "verify of a revoked key" 4 "$status"

# a role of the database without rights
if [ "$STORE" = postgres ]; then
  psql -qX "$LOGCTL_DATABASE_URL" -c "CREATE ROLE stranger_$$ LOGIN"
  status=0
  PGUSER=stranger_$$ LOGCTL_DATABASE_URL=$(sed "s#//[^@/]*@#//stranger_$$@#" <<<"$LOGCTL_DATABASE_URL") \
    "$LOGCTL" keys list 2>"$WORK/denied" || status=$?
  same "exit status without rights" 1 "$status"
  grep -q 'permission denied' "$WORK/denied" || fail "rights are not named: $(cat "$WORK/denied")"
fi

URL=${urls[0]}
stop_daemon "$first"
[ "$STORE" = sqlite ] || stop_daemon
echo "keys on $STORE: $CHECKS checks passed, $(wc -l <"$WORK/statuses") answers through three rotations"
