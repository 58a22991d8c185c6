#!/bin/bash
# kill -9 of `logctl ingest` at random moments, started again each time with the same command: every record is stored
# exactly once, with and without ids of their own, and a further run loads nothing.
# Usage: kill_ingest.sh sqlite|postgres [RECORDS [KILLS]]
. "$(dirname "$0")/../support/daemon.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store "$1"
records=${2:-200000}
kills=${3:-5}
file=$WORK/records.jsonl
# Every third record has no id of its own.
"$GENERATE" ndjson "$records" | sed '3~3 s/"event_id":"[^"]*",//' >"$file"
same "records without an id" $((records / 3)) "$(grep -vc '"event_id":' "$file")"

load() { "$LOGCTL" ingest "$file" --jobs 2 --batch-rows 500 -o json "$@"; }
# How much of the file the store knows to be loaded.
known() {
  local query='SELECT coalesce(sum(end_at - begin_at), 0) FROM import_ranges'
  if [ "$STORE" = sqlite ]; then
    sqlite3 -cmd '.timeout 5000' "$LOGCTL_STORAGE_DATA_DIR/meta.sqlite" "$query" 2>/dev/null || echo 0
  else
    psql -qXAt "$LOGCTL_DATABASE_URL" -c "$query"
  fi
}

killed=0
resumed=0
size=$(wc -c <"$file")
for ((n = 0; n < kills; n++)); do
  # A random amount more than at the last kill: a random moment of the load.
  target=$(($(known) + 1 + RANDOM * (size / kills / 32768)))
  load >"$WORK/out" 2>"$WORK/err" &
  run=$!
  far_enough() { ended "$run" || [ "$(known)" -ge "$target" ]; }
  until_true 60 far_enough || fail "no progress before kill $n"
  kill -9 "$run" 2>/dev/null && killed=$((killed + 1))
  wait "$run" 2>/dev/null || true
  grep -q 'goes on where an earlier run stopped' "$WORK/err" && resumed=$((resumed + 1))
done
[ "$killed" -gt 1 ] && [ "$resumed" -gt 0 ] || fail "only $killed kills and $resumed resumed runs"

load >"$WORK/last" 2>"$WORK/err" || fail "the last run failed: $(cat "$WORK/err")"
[ "$(jq '.accepted + .duplicates' "$WORK/last")" -lt "$records" ] || fail "the last run began anew"
"$LOGCTL" query --limit 0 -o jsonl >"$WORK/stored"
same "rows" "$records" "$(wc -l <"$WORK/stored")"
same "records with an id of their own" "" \
  "$(diff <(jq -r '.event_id // empty' "$file" | sort) <(jq -r .event_id "$WORK/stored" | grep -v '^[0-9a-f]*-[0-9a-f]*-8' | sort) | head -3)"
same "what a further run loads" 0 "$(load -q | jq '.accepted + .duplicates + .rejected')"
echo "kill -9 of ingest on $STORE: $killed kills, $resumed resumed runs, $records records, each stored once"
