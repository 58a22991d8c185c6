#!/bin/bash
# Dead letters: what is refused over HTTP is kept beside a running daemon, and replayed after the rules were put right.
# Usage: rejects.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"

use_store "$1"
export LOGCTL_STORAGE_DATA_DIR=$WORK/data  # on PostgreSQL too: the letters lie here
start_daemon
make_key

letters() { "$LOGCTL" rejects list -o jsonl "$@" | wc -l; }
kept() { [ "$(letters)" = "$1" ]; }
rows() { stored_ids | wc -l; }
replay() { STATUS=0; "$LOGCTL" rejects replay -o json "$@" >"$BODY" 2>"$WORK/notes" || STATUS=$?; }

request POST /api/v1/batch-ingest -d '{"logs":[
  {"event_id":"good","event_type":"error","event_name":"n"},
  {"event_id":"odd","event_type":"odd","event_name":"n","password":"p"},
  {"event_type":"odd","event_name":"without id and time"},
  {"event_id":"wrong","event_type":"error","event_name":7}]}'
expect 201 .data.logs_processed 1
request POST /api/v1/ingest -d '{"event_id":"torn",'
expect 400 .error invalid_json
until_true 10 kept 4 || fail "$(letters) letters were kept instead of 4"
same "letters of unknown values" 2 "$(letters --reason unknown_value)"
same "mode of the files" 600 "$(stat -c %a "$WORK"/data/rejects/*.jsonl)"
same "mode of the directory" 700 "$(stat -c %a "$WORK/data/rejects")"
same "counted as kept" 4 "$(curl -sS "$URL/metrics" | sed -n 's/^logctl_dead_letters_total{outcome="kept"} //p')"
id=$("$LOGCTL" rejects list -o jsonl --reason malformed | jq -r .id)
same "the original bytes" '{"event_id":"torn",' "$("$LOGCTL" rejects show "$id" --raw)"

# Nothing passes while the rules are the same.
replay --all
expect 3 .failed 4 .stored 0
same "letters left" 4 "$(letters)"

# The rules are put right: what was refused for them passes, once.
export LOGCTL_INGEST_EVENT_TYPES=error,odd
replay --all --dry-run
expect 3 .stored 2
same "rows after a dry run" 1 "$(rows)"
cp -r "$WORK/data/rejects" "$WORK/before"
replay --all
expect 3 .stored 2 .failed 2
same "rows" 3 "$(rows)"
same "letters left" 2 "$(letters)"
same "ids" "good odd" "$(stored_ids | grep -E '^(good|odd)$' | sort | xargs)"
if "$LOGCTL" query --limit 0 -o jsonl | grep -q '"password"'; then fail "a secret was replayed into the store"; fi

# A replay that was cut off before the letters left is repeated without harm.
cp "$WORK"/before/*.jsonl "$WORK/data/rejects/"
replay --all
expect 3 .duplicates 2 .stored 0
same "rows after the repeat" 3 "$(rows)"

# The text itself is repaired.
"$LOGCTL" rejects list -o jsonl --reason wrong_type | jq -c '.raw |= sub("7"; "\"seven\"")' >"$WORK/edited.jsonl"
replay --file "$WORK/edited.jsonl"
expect 0 .stored 1
same "rows" 4 "$(rows)"
"$LOGCTL" rejects drop "$id" --yes -o json >"$BODY"
same "dropped" 1 "$(answer .dropped)"
same "letters left" 0 "$(letters)"

# The daemon goes on in the files that others changed, and what it took is on disk when it ends.
request POST /api/v1/ingest -d '{"event_id":"late","event_type":"strange","event_name":"n"}'
expect 400
stop_daemon
same "letters of the ended daemon" 1 "$(letters)"

# A directory that cannot be written costs the letters, nothing else.
rm -rf "$WORK/data/rejects"
: >"$WORK/data/rejects"
start_daemon
request POST /api/v1/batch-ingest -d '{"logs":[{"event_id":"x","event_type":"strange","event_name":"n"},
  {"event_id":"taken","event_type":"error","event_name":"n"}]}'
expect 201 .data.logs_processed 1
lost() { curl -sS "$URL/metrics" | grep -q '^logctl_dead_letters_total{outcome="not_kept"} 1$'; }
until_true 10 lost || fail "the lost letter is not counted"
stop_daemon
grep -q "dead letters are not kept" "$WORK"/daemon.1.log || fail "the log does not tell"
echo "dead letters on $STORE: $CHECKS checks passed"
