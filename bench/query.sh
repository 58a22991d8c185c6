#!/bin/bash
# Measures questions beside the best hand-written SQL for the same answer, in one run, on one machine, on the same rows.
# Usage: bench/query.sh [--records N] [--days D] [--json] [sqlite|postgres...]
#   --records N  records in the store (default 300000); --days D  over so many days that end today (default 3)
#   The figures of docs/performance.md: bench/query.sh --records 10000000 --days 30
# Every figure is the latency of one question on a warm server, in ms: the wall time of a client that asks it many times
# over one connection, less that of the same client asking once, divided. logctl is asked over HTTP by curl
# (GET /api/v1/logs/filter with a cursor, which counts no totals) and answers JSON; the references are psql and
# sqlite3, which print rows. The store is indexed on the day that is asked about.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
records=300000
days=3
json=no
stores=()
while [ $# -gt 0 ]; do
  case "$1" in
    --records) records=${2:?--records needs a number}; shift ;;
    --days) days=${2:?--days needs a number}; shift ;;
    --json) json=yes ;;
    sqlite | postgres) stores+=("$1") ;;
    *) echo "usage: $0 [--records N] [--days D] [--json] [sqlite|postgres...]" >&2; [ "$1" = --help ] && exit 0 || exit 2 ;;
  esac
  shift
done
[ ${#stores[@]} -gt 0 ] || stores=(sqlite postgres)

build=${BENCH_BUILD:-$here/build/release}
for tool in logctl bench/logctl-generate bench/logctl-load; do
  [ -x "$build/$tool" ] && continue
  cmake --preset release >/dev/null
  cmake --build --preset release -t logctl logctl-generate logctl-load >&2
  break
done
if [ -z "${LOGCTL_TEST_PGDATA:-}" ] && [[ " ${stores[*]} " == *" postgres "* ]]; then
  arguments=(--records "$records" --days "$days")
  [ "$json" = yes ] && arguments+=(--json)
  exec "$here/tests/support/with_postgres.sh" "$here/bench/query.sh" "${arguments[@]}" "${stores[@]}"
fi
. "$here/bench/support.sh"
need sqlite3

# Records of the generator lie `step` apart from 2025 on; these end now.
step=$((days * 86400 * 1000000 / records))
first=$((($(date -u +%s) - 1735689600) * 1000000 / step - records))
day=$(date -u -d "$((days / 2 + 1)) days ago" +%F)
next=$(date -u -d "$day + 1 day" +%F)
from=$(($(date -u -d "$day" +%s) * 1000000))
to=$(($(date -u -d "$next" +%s) * 1000000))
user=
word="cart $((RANDOM % 9 + 1))$((RANDOM % 90 + 10))$((RANDOM % 9))"
fast=200
slow=12

# per_call COUNT COMMAND: the command writes a question so many times and asks
per_call() {
  local count=$1 one many
  shift
  "$@" 1 && "$@" 2  # warm
  one=$(seconds "$@" 1)
  many=$(seconds "$@" "$((count + 1))")
  awk "BEGIN { printf \"%.3f\", ($many - $one) * 1000 / $count }"
}
encoded() { jq -rn --arg text "$1" '$text | @uri'; }
ask_http() {
  local i
  for ((i = 0; i < $1; ++i)); do printf 'url = "http://127.0.0.1:%s/api/v1/logs/filter?%s"\noutput = "/dev/null"\n' "$port" "$question"; done >"$work/urls"
  curl -sS --fail -H "Authorization: Bearer $key" -K "$work/urls"
}
repeated() {
  local i
  for ((i = 0; i < $1; ++i)); do echo "$statement;"; done
}
ask_postgres() { repeated "$1" | psql -qXAt "$LOGCTL_DATABASE_URL" -o /dev/null; }
ask_sqlite() { { echo "$prologue"; repeated "$1"; } | sqlite3 -readonly "$file" >/dev/null; }

# rows: how many the question and the statement find must be the same
same_rows() {
  local ours theirs
  ours=$(curl -sS --fail -H "Authorization: Bearer $key" "http://127.0.0.1:$port/api/v1/logs/filter?$question" | jq '.data.logs | length')
  if [ "$store" = postgres ]; then
    theirs=$(psql -qXAt "$LOGCTL_DATABASE_URL" -c "SELECT count(*) FROM ($statement) AS t")
  else
    theirs=$({ echo "$prologue"; echo "SELECT count(*) FROM ($statement);"; } | sqlite3 -readonly "$file")
  fi
  [ "$ours" = "$theirs" ] || { echo "$0: $1: logctl finds $ours rows, the reference $theirs" >&2; exit 1; }
}
# measure NAME COUNT: of `question` beside `statement`
measure() {
  same_rows "$1"
  result "$store: $1" "$(per_call "$2" ask_http)" "$(per_call "$2" "ask_$store")" ms
}
between() {
  if [ "$store" = postgres ]; then
    echo "timestamp >= '${day}T00:00:00Z' AND timestamp < '${next}T00:00:00Z'"
  else
    echo "timestamp >= $from AND timestamp < $to"
  fi
}
window="start_time=${day}T00:00:00Z&end_time=${day}T23:59:59.999999Z"
order="ORDER BY timestamp DESC, event_id DESC"
mine="tenant = 'default'"

cases() {
  local last text
  prologue=
  # One that has records on that day.
  user=$("$logctl" query -o jsonl --limit 1 --since "${day}T12:00:00Z" --until "${day}T13:00:00Z" | jq -r .user_id)
  if [ "$store" = sqlite ]; then
    file=$(ls "$LOGCTL_STORAGE_DATA_DIR"/logs/*.sqlite | tail -n 1)
    like=LIKE
  else
    like=ILIKE
  fi
  question="cursor=&limit=50"
  statement="SELECT * FROM logs WHERE $mine $order LIMIT 50"
  measure "newest 50" $fast

  # 50 000 records deep.
  cursor=
  for ((i = 0; i < 50; ++i)); do
    cursor=$(curl -sS --fail -H "Authorization: Bearer $key" "http://127.0.0.1:$port/api/v1/logs/filter?limit=1000&cursor=$cursor" | jq -r .next_cursor)
  done
  last=$(curl -sS --fail -H "Authorization: Bearer $key" "http://127.0.0.1:$port/api/v1/logs/filter?limit=1000&cursor=$cursor" | jq -r '.data.logs[0] | "\(.timestamp) \(.event_id)"')
  question="limit=50&cursor=$cursor"
  if [ "$store" = postgres ]; then
    text="'${last% *}'::timestamptz"
  else
    text=$(date -u -d "${last% *}" +%s%6N)
    file=$LOGCTL_STORAGE_DATA_DIR/logs/$(date -u -d "${last% *}" +%F).sqlite
  fi
  statement="SELECT * FROM logs WHERE $mine AND timestamp <= $text AND (timestamp, event_id) <= ($text, '${last#* }') $order LIMIT 50"
  measure "page of 50 after 50 000 by cursor" $fast

  # For SQLite the reference is the day's file with an index of SQLite's own.
  if [ "$store" = sqlite ]; then
    file=$LOGCTL_STORAGE_DATA_DIR/logs/$day.sqlite
    cp "$file" "$work/indexed.sqlite"
    sqlite3 "$work/indexed.sqlite" 'CREATE INDEX by_user ON logs (user_id)'
    file=$work/indexed.sqlite
  fi
  question="cursor=&limit=50&$window&user_id=$user"
  statement="SELECT * FROM logs WHERE $mine AND user_id = '$user' AND $(between) $order LIMIT 50"
  measure "user in one closed day" $fast

  question="cursor=&limit=1000&$window&q=$(encoded "\"$word\"")"
  statement="SELECT * FROM logs WHERE $mine AND message $like '%$word%' AND $(between) $order LIMIT 1000"
  measure "words over one closed day" $slow

  question="cursor=&limit=1000&$window&q=$(encoded 'properties.amount:77.77')"
  if [ "$store" = postgres ]; then text="properties ->> 'amount'"; else text="properties -> '\$.amount'"; fi
  statement="SELECT * FROM logs WHERE $mine AND ($text) = '77.77' AND $(between) $order LIMIT 1000"
  measure "property over one closed day, read as a whole" $slow
}

# Records a second over HTTP into the newest day, without and with somebody who reads everything all the time.
beside_heavy() {
  local alone beside heavy
  load_once() {
    "$load" --port "$port" --key "$1" --run "$2" --records 200000 --batch 1000 --connections 2 --retry --prepare \
      --start "$(($(date -u +%s) * 1000000 - 600000000))" --step 1000 | jq .records_per_second
  }
  alone=$(load_once "$key" alone)
  question="cursor=&limit=1000&q=$(encoded 'properties.nothing:x')"
  (while :; do ask_http 1 >/dev/null 2>&1 || true; done) &
  heavy=$!
  sleep 1
  beside=$(load_once "$key" beside)
  kill "$heavy"
  wait "$heavy" 2>/dev/null || true
  result "$store: ingest beside a query that reads everything / alone" "$beside" "$alone" records/s
}

note "$records records of about 580 bytes of JSON over $days days; $(nproc) cores"
[ "$json" = yes ] || printf '%-52s %12s %12s %8s\n' case logctl reference ratio
for store in "${stores[@]}"; do
  if [ "$store" = postgres ]; then new_database query; else new_directory query; unset LOGCTL_DATABASE_URL; fi
  "$generate" ndjson "$records" "$step" query "$first" | "$logctl" ingest - -q >/dev/null
  "$logctl" index build --day "$day" -q >/dev/null
  [ "$store" = sqlite ] || psql -qX "$LOGCTL_DATABASE_URL" -c 'VACUUM ANALYZE' >/dev/null
  start_daemon --set storage.index_delay=31d
  key=$(make_key)
  cases
  beside_heavy
  stop_daemon
  unset LOGCTL_DATABASE_URL LOGCTL_STORAGE_DATA_DIR
done
[ "$json" = no ] || printf '%s\n' "${results[@]}" | jq -sc '{cases: .}'
