#!/bin/bash
# The live tail: what is stored arrives, whoever stores it; who comes back misses nothing and sees nothing twice; who is
# too slow is told so. Usage: tail.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store "$1"
start_daemon --set server.write_timeout=60s
make_key
export LOGCTL_API_KEY=$KEY

# follow NAME QUERY-STRING [curl arguments]: a tail into $WORK/NAME.sse; sets FOLLOWER
follow() {
  local name=$1 question=$2
  shift 2
  : >"$WORK/$name.sse"
  curl -sS -N -o "$WORK/$name.sse" "$URL/api/v1/logs/tail?$question" -H "Authorization: Bearer $KEY" "$@" &
  FOLLOWER=$!
  until_true 20 grep -q ': following' "$WORK/$name.sse" || fail "the tail $name does not begin: $(cat "$WORK/$name.sse")"
}
hang_up() { kill "$1" && wait "$1" || true; }
data() { sed -n 's/^data: //p' "$WORK/$1.sse" | jq -r 'select(.event_id) | .event_id'; }
has() { [ "$(data "$1" | wc -l)" -ge "$2" ]; }
arrive() { until_true 20 has "$1" "$2" || fail "$1 has $(data "$1" | wc -l) of $2 records"; }
# send SERVICE ID...: records in the order of their times; an id that is sent again has the time that it had
declare -A WHEN
send() {
  local service=$1 id lines=
  shift
  for id in "$@"; do
    : "${WHEN[$id]:=$(date -u +%FT%T.%6NZ)}"
    lines+="{\"event_id\":\"$id\",\"timestamp\":\"${WHEN[$id]}\",\"service\":\"$service\",\"level\":\"info\",\"message\":\"m $id\"}"$'\n'
  done
  TYPE=application/x-ndjson request POST /api/v1/batch-ingest --data-binary "$lines"
  same "status of the batch" 201 "$STATUS"
}

# everybody gets what he asked for, and a repeat is no news
send old before
is_stored() { [ "$("$LOGCTL" query -o jsonl event_id:before | wc -l)" = 1 ]; }
until_true 20 is_stored || fail "the first record is not stored"
follow all ''
all=$FOLLOWER
follow api 'q=service:api'
api=$FOLLOWER
follow last 'lines=1'
last=$FOLLOWER
send api a1 a2
send web w1
send api a1
send api a3
arrive all 4
arrive api 3
arrive last 5
same "all" "a1 a2 w1 a3" "$(data all | xargs)"
same "api" "a1 a2 a3" "$(data api | xargs)"
same "with a line before" "before a1 a2 w1 a3" "$(data last | xargs)"
hang_up "$api"
hang_up "$last"

# a late record, of another day, arrives like any other
TYPE=application/json request POST /api/v1/ingest --data-binary \
  "{\"event_id\":\"late\",\"timestamp\":\"$(date -u -d '-3 days' +%FT%TZ)\",\"message\":\"late\",\"event_type\":\"telemetry\",\"event_name\":\"n\"}"
same "status of the late record" 201 "$STATUS"
arrive all 5
same "the late one" late "$(data all | tail -n 1)"

# who comes back to the same daemon misses nothing and sees nothing twice
place=$(sed -n 's/^id: //p' "$WORK/api.sse" | sed -n 2p)
send api b1 b2
follow again 'q=service:api' -H "Last-Event-ID: $place"
again=$FOLLOWER
send api b3
arrive again 4
same "behind the second" "a3 b1 b2 b3" "$(data again | xargs)"
hang_up "$again"
hang_up "$all"
request GET '/api/v1/logs/tail' -H 'Last-Event-ID: junk'
expect 400 '.details[0].field' Last-Event-ID
request GET '/api/v1/logs/tail?sort_by=level'
expect 400 '.details[0].field' sort_by
request GET '/api/v1/logs/tail?lines=5000'
expect 400 '.details[0].field' lines

# another process stores: the daemon's tail and that of the command line see it
follow others ''
others=$FOLLOWER
LOGCTL_CONFIG=$WORK/empty.yaml "$LOGCTL" tail -f -n 0 -o jsonl >"$WORK/cli.jsonl" 2>"$WORK/cli.log" & cli=$!
DAEMON_PIDS+=("$cli")
seen_by_cli() { jq -r .event_id "$WORK/cli.jsonl" | grep -qx "$1"; }
probe=0
# heard NAME MEMBERS: the command line begins to listen a moment after its start: until it hears, one record after the other
heard() {
  probe=$((probe + 1))
  echo "{\"event_id\":\"$1$probe\",\"message\":\"from a file\",$2}" | "$LOGCTL" ingest -q -
  until_true 2 seen_by_cli "$1$probe"
}
until_true 30 heard probe '"service":"file"' || fail "logctl tail -f did not see what logctl ingest stored: $(cat "$WORK/cli.log")"
arrive others "$probe"
same "what another process stored" "probe$probe" "$(data others | tail -n 1)"
send api c1
until_true 20 seen_by_cli c1 || fail "logctl tail -f did not see what the daemon stored"
kill "$cli"
wait "$cli" || true
same "nothing twice on the command line" "" "$(jq -r .event_id "$WORK/cli.jsonl" | sort | uniq -d)"
arrive others $((probe + 1))
same "nothing twice" "" "$(data others | sort | uniq -d)"
hang_up "$others"

# what was stored a moment before is no news, and takes no place of a record that comes late
echo '{"event_id":"older","message":"m","service":"late"}' | "$LOGCTL" ingest -q -
LOGCTL_CONFIG=$WORK/empty.yaml "$LOGCTL" tail -f -n 0 -o jsonl service:late >"$WORK/cli.jsonl" 2>"$WORK/cli.log" & cli=$!
DAEMON_PIDS+=("$cli")
until_true 20 heard late "\"service\":\"late\",\"timestamp\":\"$(date -u -d '20 days ago' +%FT%TZ)\"" ||
  fail "logctl tail -f did not see late records: $(cat "$WORK/cli.log")"
same "no news" "" "$(jq -r .event_id "$WORK/cli.jsonl" | grep -v late)"
kill "$cli"
wait "$cli" || true

# logctl tail without -f: the newest, oldest first, from store and daemon alike
same "the newest from the store" "c1 older" "$("$LOGCTL" tail -n 2 -o jsonl | jq -r .event_id | xargs)"
for format in jsonl plain table; do
  "$LOGCTL" tail -n 5 -o "$format" >"$WORK/store.out"
  "$LOGCTL" tail -n 5 -o "$format" --url "$URL" >"$WORK/daemon.out"
  cmp "$WORK/store.out" "$WORK/daemon.out" || fail "logctl tail --url -o $format differs"
done

# the daemon goes and comes back: the command line goes on behind its last record
"$LOGCTL" tail -f -n 2 -o jsonl --url "$URL" >"$WORK/remote.jsonl" 2>"$WORK/remote.log" & remote=$!
DAEMON_PIDS+=("$remote")
seen_remotely() { jq -r .event_id "$WORK/remote.jsonl" | grep -qx "$1"; }
until_true 20 seen_remotely c1 || fail "logctl tail --url shows nothing: $(cat "$WORK/remote.log")"
send api d1
until_true 20 seen_remotely d1 || fail "logctl tail --url does not follow"
stop_daemon
echo '{"event_id":"meanwhile","message":"nobody listens","service":"api"}' | "$LOGCTL" ingest -q -
start_daemon --set server.write_timeout=60s --set tail.queue_bytes=64KiB
send api d2
until_true 30 seen_remotely d2 || fail "logctl tail --url did not come back: $(cat "$WORK/remote.log")"
until_true 20 seen_remotely meanwhile || fail "what came meanwhile is missing"
kill "$remote"
wait "$remote" || true
# (Who comes back to a new daemon may also see what came in the second before his last record.)
same "nothing missing over the restart" "c1 d1 d2 meanwhile" "$(jq -r .event_id "$WORK/remote.jsonl" | grep -xE 'c1|d[12]|meanwhile' | sort | xargs)"
same "nothing twice over the restart" "" "$(jq -r .event_id "$WORK/remote.jsonl" | sort | uniq -d)"

# who does not read is skipped, told how much, and slows nobody
RECORDS=60000
follow slow 'q=app_version:*'
slow=$FOLLOWER
follow fast 'q=service:api'
kill -STOP "$slow"
"$GENERATE" ndjson "$RECORDS" 1000 slow >"$WORK/many.jsonl"
split -l 1000 "$WORK/many.jsonl" "$WORK/piece."
for piece in "$WORK"/piece.*; do
  TYPE=application/x-ndjson request POST /api/v1/batch-ingest --data-binary "@$piece"
  same "status of a batch" 201 "$STATUS"
done
all_in_store
send api e1
arrive fast 1
kill -CONT "$slow"
wanted=$("$LOGCTL" query --limit 0 -o jsonl 'app_version:*' | wc -l)
settled() { [ "$(($(data slow | wc -l) + $(skipped)))" = "$wanted" ]; }
skipped() { awk '/^event: skipped/ { getline; sub(/^data: /, ""); print }' "$WORK/slow.sse" | jq -s 'map(.records) | add // 0'; }
until_true 60 settled || fail "of $wanted records $(data slow | wc -l) were sent and $(skipped) skipped"
[ "$(skipped)" -gt 0 ] || fail "nothing was skipped: the test shows nothing"

# a key that ends, ends its tails
"$LOGCTL" keys revoke "$KEY_ID" --yes >/dev/null 2>&1 || "$LOGCTL" keys revoke "$KEY_ID" >/dev/null
over() { grep -q '^event: end' "$WORK/fast.sse"; }
until_true 20 over || fail "the tail of a revoked key goes on"
make_key
export LOGCTL_API_KEY=$KEY

if [ "$STORE" = postgres ]; then
  # what one daemon takes, a tail on the other one sees
  first=$DAEMON_PID
  first_url=$URL
  PORT=
  LOGCTL_STORAGE_DATA_DIR=$WORK/data2 start_daemon
  second_url=$URL
  URL=$first_url
  follow across 'q=service:across'
  across=$FOLLOWER
  URL=$second_url
  send across x1 x2
  arrive across 2
  TYPE=application/json request POST /api/v1/ingest --data-binary \
    "{\"event_id\":\"x3\",\"timestamp\":\"$(date -u -d '-2 days' +%FT%TZ)\",\"service\":\"across\",\"event_type\":\"telemetry\",\"event_name\":\"n\"}"
  URL=$first_url
  send across x4
  arrive across 4
  same "each once" "x1 x2 x3 x4" "$(data across | sort | xargs)"
  # and one that comes back goes to the other daemon
  place=$(sed -n 's/^id: //p' "$WORK/across.sse" | sed -n 2p)
  hang_up "$across"
  URL=$second_url
  follow elsewhere 'q=service:across' -H "Last-Event-ID: $place"
  send across x5
  arrive elsewhere 2
  until_true 20 eval 'data elsewhere | grep -qx x5' || fail "the other daemon does not go on"
  data elsewhere | grep -qx x4 || fail "a gap between two daemons: $(data elsewhere | xargs)"
  stop_daemon
  DAEMON_PID=$first
fi

# the stop says goodbye
URL=${first_url:-$URL}
follow end ''
end=$FOLLOWER
stop_daemon
wait "$end" || fail "the tail did not end like a whole answer"
grep -q 'the server is stopping' "$WORK/end.sse" || fail "no last words: $(cat "$WORK/end.sse")"
echo "tail on $1: $CHECKS checks passed"
