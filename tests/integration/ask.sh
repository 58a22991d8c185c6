#!/bin/bash
# Ways of asking: plans, files, what stands around a record, and records taken out and put back, also when the
# taking out was cut off.
# Usage: ask.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store "$1"
status_of() { local status=0; "$@" >"$WORK/out" 2>"$WORK/err" || status=$?; echo "$status"; }

# what comes back is what went in, with every field
cat >"$WORK/full.jsonl" <<'JSON'
{"timestamp":"2026-01-10T10:00:00.000001Z","event_id":"a","service":"api","level":"WARNING","message":"GET /x \"quoted\", ü\n2nd line","event_type":"telemetry","event_name":"e.n","user_id":"u","session_id":"s","app_version":"1.2","host":"h1","trace_id":"t","span_id":"p","sequence_number":-7,"priority":"high","properties":{"n":12345678901234567890,"x":1.10,"none":null,"a b":{"c":[1,"2"]}},"device_info":{"os":"x"}}
{"timestamp":"2026-01-10T10:00:01Z","event_id":"b","service":"api","host":"h2","message":"timed out"}
{"timestamp":"2026-01-10T10:00:01Z","event_id":"c","service":"web","host":"h1","message":"TIMED OUT after 250ms"}
{"timestamp":"2026-01-11T00:00:00Z","event_id":"d","service":"api","host":"h1","event_name":"only.an.event"}
{"timestamp":"2026-01-12T00:00:00Z","event_id":"e","service":"api","host":"h1","message":"late"}
JSON
"$LOGCTL" ingest "$WORK/full.jsonl" -q >/dev/null
ids() { jq -r .event_id | tr '\n' ' '; }
query() { "$LOGCTL" query -o jsonl "$@"; }

same "a regular expression" "b " "$(query '/timed\sout$/' | ids)"
same "in either case" "c b " "$(query '/timed\sout/i' | ids)"
same "of a field" "e d c a " "$(query 'host:/^h1$/' | ids)"
same "one that is not closed" 2 "$(status_of "$LOGCTL" query 'a /b(c/')"
grep -q "query: column 5: this '(' is never closed" "$WORK/err" || fail "$(cat "$WORK/err")"

# the same of a file, without a store, whatever its packing
gzip -c "$WORK/full.jsonl" >"$WORK/full.gz"
zstd -q -c "$WORK/full.jsonl" >"$WORK/full.zst"
no_store() { "$LOGCTL" --set storage.data_dir="$WORK/nowhere" --set database.url= "$@"; }
for text in '' 'host:h1' '/timed\sout/i' 'properties.x>1 level>=info' 'not message:*' 'since:2026-01-11T00:00:00Z'; do
  want=$(query "$text" | jq -S 'del(.created_at)')
  for file in full.jsonl full.gz full.zst; do
    same "'$text' of $file" "$want" "$(no_store query -o jsonl --file "$WORK/$file" "$text" |
      jq -S 'del(.created_at)')"
  done
done
[ ! -e "$WORK/nowhere" ] || fail "asking a file made a store"
same "oldest two of a pipe" "a b " "$(no_store query -o jsonl --ascending --limit 2 --file - <"$WORK/full.zst" | ids)"
same "all, in the order of the file" "a b c d e " "$(no_store query -o jsonl --limit 0 --file "$WORK/full.gz" | ids)"
same "sorted by another column" "c e " "$(no_store query -o jsonl --sort service --limit 2 --file "$WORK/full.gz" 'host:h1 /./' | ids)"
(cat "$WORK/full.jsonl"; echo 'no json') >"$WORK/bad.jsonl"
same "bad lines cost nothing" 0 "$(status_of no_store query --file "$WORK/bad.jsonl" late)"
grep -q "1 line could not be read as records; the first: .*bad.jsonl:6: " "$WORK/err" || fail "$(cat "$WORK/err")"
same "a file that is not there" 5 "$(status_of no_store query --file "$WORK/missing.jsonl")"

# the plan
query --explain 'host:h1 since:2026-01-11T00:00:00Z' >"$WORK/plan"
same "the question" 'host:h1 since:2026-01-11T00:00:00Z' "$(jq -r .query "$WORK/plan")"
same "its store" "$STORE" "$(jq -r .store "$WORK/plan")"
same "a value is a parameter" true "$(jq '[.parameters[] == "h1"] | any' "$WORK/plan")"
case "$STORE" in
  sqlite) same "the plan" "2 days, 2026-01-12 to 2026-01-11 SEARCH logs USING PRIMARY KEY (timestamp>?)" \
    "$(jq -r '.plans[0] | "\(.where) \(.lines[0])"' "$WORK/plan")" ;;
  postgres) jq -r '.plans[0].lines[]' "$WORK/plan" | grep -q 'cost=.*rows=' || fail "$(cat "$WORK/plan")" ;;
esac
"$LOGCTL" query --explain late -o plain | grep -q '^question: late$' || fail "no question in the text form"

# around
around=$(query 'message=late' | jq -r .id)
same "around" "b c d e " "$(query --around "$around" -B 3 -A 3 | ids)"
around=$(query 'message:"timed out" host:h2' | jq -r .id)
same "around, both sides" "a b c " "$(query --around "$around" -B 5 -A 1 | ids)"
same "around, the same host" "b " "$(query --around "$around" --same host | ids)"
same "around, the same service" "a b d e " "$(query --around "$around" --same service | ids)"
same "around nothing" 5 "$(status_of "$LOGCTL" query --around "${around%????}eHh4")"
same "around no id" 2 "$(status_of "$LOGCTL" query --around '?')"

# what messages have in common
same "patterns" "1 TIMED OUT after <n>ms" "$("$LOGCTL" patterns -o jsonl '/TIMED/' | jq -r '"\(.count) \(.pattern)"')"

# out and in again, on another tenant: the same, but for what the books of a load say
"$LOGCTL" export --to "$WORK/out.jsonl.zst" -q >/dev/null
[ ! -e "$WORK/out.jsonl.zst.partial" ] || fail "something is left"
"$LOGCTL" ingest --tenant copy "$WORK/out.jsonl.zst" -q >/dev/null
shape='del(.created_at, .tenant)'
same "the same rows again" "$(query | jq -S "$shape")" "$(query --tenant copy | jq -S "$shape")"
same "exported again" "$("$LOGCTL" export)" "$("$LOGCTL" export --tenant copy)"
same "as CSV" 6 "$("$LOGCTL" export --format csv | grep -c '^"\?\(timestamp\|2026\)')"
same "a file that is there" 6 "$(status_of "$LOGCTL" export --to "$WORK/out.jsonl.zst")"
same "is replaced" 0 "$(status_of "$LOGCTL" export --to "$WORK/out.jsonl.zst" --overwrite host:h2)"
same "by the new one" "b " "$(zstd -dqc "$WORK/out.jsonl.zst" | ids)"

# cut off, again and again, and gone on with
"$GENERATE" ndjson 30000 2000000 >"$WORK/many.jsonl"
"$LOGCTL" ingest "$WORK/many.jsonl" --tenant many -q >/dev/null
export_many() { "$LOGCTL" export --tenant many -q "$@"; }
export_many >"$WORK/whole"
same "all of them" 30000 "$(wc -l <"$WORK/whole")"
for name in cut.jsonl cut.jsonl.zst; do
  size=$(stat -c %s "$WORK/whole")
  [ "$name" = cut.jsonl ] || size=$(zstd -3 -q -c "$WORK/whole" | wc -c)
  for part in 2 4 7 9; do
    # No file may grow beyond a part of the whole: the kernel stops the program there.
    status=0
    { (ulimit -c 0; ulimit -f $((size * part / 10 / 1024)); exec "$LOGCTL" export --tenant many -q --resume --to "$WORK/$name") \
      >/dev/null || status=$?; } 2>/dev/null
    [ "$status" != 0 ] || fail "$name was not cut off at $part tenths"
    [ ! -e "$WORK/$name" ] || fail "$name is there, but not complete"
  done
  same "another question is refused" 6 "$(status_of "$LOGCTL" export --tenant many --resume --to "$WORK/$name" late)"
  same "without --resume it is refused" 6 "$(status_of "$LOGCTL" export --tenant many --to "$WORK/$name")"
  export_many --resume --to "$WORK/$name" >/dev/null
  case "$name" in *.zst) zstd -dqc "$WORK/$name" ;; *) cat "$WORK/$name" ;; esac | cmp - "$WORK/whole" ||
    fail "$name differs from an export that was not cut off"
  [ ! -e "$WORK/$name.partial" ] && [ ! -e "$WORK/$name.partial.state" ] || fail "something is left of $name"
done

# over HTTP, bound to what the key may see
start_daemon
make_key
id=$(query 'message:"timed out" host:h2' | jq -r .id)
request GET "/api/v1/logs/context?id=$id&before=5&after=2"
expect 200 .data.index 1 '[.data.logs[].event_id]|join(" ")' "a b c d"
request GET "/api/v1/logs/context?id=$id&same=service,host"
expect 200 .data.index 0 '[.data.logs[].event_id]|join(" ")' b
request GET "/api/v1/logs/context?id=$id&before=501"
expect 400 .error invalid_parameter '.details[0].field' before
request GET "/api/v1/logs/context?id=$id&same=timestamp"
expect 400 '.details[0].message' 'expected text fields such as service,host, found `timestamp`'
request GET "/api/v1/logs/context"
expect 400 '.details[0].field' id
request GET "/api/v1/logs/context?id=AAAAAAAAAAAA"
expect 404 .error not_found
request GET "/api/v1/logs/filter?q=%2Ftimed%5Csout%2Fi"
expect 200 .data.total_count 2
request GET "/api/v1/logs/patterns?service=web&limit=1"
expect 200 '.data.patterns[0].pattern' 'TIMED OUT after <n>ms' .data.patterns[0].count 1 .data.cut false .data.rows 1
request GET "/api/v1/logs/patterns?rows=1"
expect 200 .data.patterns[0].example late .data.cut true
request GET "/api/v1/logs/patterns?cursor="
expect 400 '.details[0].field' cursor
make_key --only host=h1
request GET "/api/v1/logs/context?id=$id"
expect 404 .error not_found
request GET "/api/v1/logs/context?id=$(query 'host:h1 /TIMED/' | jq -r .id)"
expect 200 '[.data.logs[].event_id]|join(" ")' "a c d e"

# the commands through the daemon give what they give on the store
make_key
export LOGCTL_API_KEY=$KEY
same "around at a daemon" "$(query --around "$id" -B 5 -A 2)" "$(query --around "$id" -B 5 -A 2 --url "$URL")"
same "around at a daemon, the same service" "$(query --around "$id" --same service -o csv)" "$(query --around "$id" --same service -o csv --url "$URL")"
same "around nothing at a daemon" 5 "$(status_of "$LOGCTL" query --around "${id%????}eHh4" --url "$URL")"
same "patterns at a daemon" "$("$LOGCTL" patterns -o json service:api)" "$("$LOGCTL" patterns -o json service:api --url "$URL")"
for format in jsonl csv; do
  same "export from a daemon as $format" "$("$LOGCTL" export --format $format 'service:api since:2026-01-01T00:00:00Z')" \
    "$("$LOGCTL" export --format $format 'service:api since:2026-01-01T00:00:00Z' --url "$URL")"
done
same "some of them" "a b " "$("$LOGCTL" export --limit 2 --url "$URL" | ids)"
same "a tenant is the key's affair" 2 "$(status_of "$LOGCTL" export --tenant many --url "$URL")"
make_key --tenant many
export LOGCTL_API_KEY=$KEY
size=$(stat -c %s "$WORK/whole")
status=0
{ (ulimit -c 0; ulimit -f $((size / 2 / 1024)); exec "$LOGCTL" export -q --resume --to "$WORK/remote.jsonl" --url "$URL") \
  >/dev/null || status=$?; } 2>/dev/null
[ "$status" != 0 ] || fail "the export from a daemon was not cut off"
same "another daemon is another question" 6 "$(status_of "$LOGCTL" export --resume --to "$WORK/remote.jsonl" --url http://127.0.0.1:1)"
"$LOGCTL" export -q --resume --to "$WORK/remote.jsonl" --url "$URL" >/dev/null
cmp "$WORK/remote.jsonl" "$WORK/whole" || fail "an export from a daemon that went on differs"
stop_daemon
unset LOGCTL_API_KEY

# and on files, without a store
for words in "hits --step 1d --group service" facets fields "fields service" "stats --by service --calc max(properties.x)" \
  "patterns" "export" "export --format csv --limit 3 service:api" "query --around $id -B 2 -A 2"; do
  read -ra command <<<"$words"
  # PostgreSQL orders the names in properties.
  case "$STORE $words" in "postgres export"* | "postgres query"*) continue ;; esac
  # What the receipt says differs, and so does what is made of a record without a time of its own.
  plain() { sed -E 's/"created_at":"[^"]*"/"created_at":""/g; s/,[^,]*Z,/,,/g'; }
  same "$words of a file" "$("$LOGCTL" "${command[@]}" | plain)" "$(no_store "${command[@]}" --file "$WORK/full.zst" | plain)"
done
[ ! -e "$WORK/nowhere" ] || fail "asking a file made a store"
echo "ask: $CHECKS checks"
