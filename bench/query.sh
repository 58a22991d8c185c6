#!/bin/bash
# Measures questions beside the best hand-written SQL for the same answer, in one run, on one machine, on the same rows.
# Usage: bench/query.sh [--records N] [--days D] [--json] [sqlite|postgres...]
#   --records N  records in the store (default 300000); --days D  over so many days that end today (default 3)
#   The figures of docs/performance.md: bench/query.sh --records 10000000 --days 30
# Every figure in ms is the latency of one question on a warm server, asked many times over one connection. The references
# are psql and sqlite3, which print rows: their wall time for many questions, less that for one. logctl is asked for records
# in two ways: "store", in the process that asks, as psql and sqlite3 do, with the records written as JSON; and over HTTP
# (GET /api/v1/logs/filter with a cursor, which counts no totals). Counts are asked over HTTP only. Before a figure is
# taken, both have to give the same number. The store is indexed on the day that is asked about, and maintenance has
# passed over it as it does once two minutes were quiet.
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
for tool in logctl bench/logctl-ask bench/logctl-generate bench/logctl-load; do
  [ -x "$build/$tool" ] && continue
  cmake --preset release >/dev/null
  cmake --build --preset release -t logctl logctl-ask logctl-generate logctl-load >&2
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
fast=1000
counted=30
slow=12
heavy_records=400000

# repeats ONE COUNT: how often to ask what takes ONE second
repeats() { awk "BEGIN { n = int(6 / $1); print n < 2 ? 2 : n < $2 ? n : $2 }"; }
# reference_ms COUNT: of `statement`; fewer times when one takes long
reference_ms() {
  local count one many
  "ask_$store" 1 && "ask_$store" 2  # warm
  one=$(seconds "ask_$store" 1)
  count=$(repeats "$one" "$1")
  many=$(seconds "ask_$store" "$((count + 1))")
  awk "BEGIN { printf \"%.3f\", ($many - $one) * 1000 / $count }"
}
# ours_ms COUNT MODE...: of `question`, by logctl-ask
ours_ms() {
  local one
  one=$("$ask" "${@:2}" 1 "/api/v1/logs/$question")
  "$ask" "${@:2}" "$(repeats "$(awk "BEGIN { print $one / 1000 }")" "$1")" "/api/v1/logs/$question"
}
encoded() { jq -rn --arg text "$1" '$text | @uri'; }
ask_once() { get "$question" >/dev/null; }
repeated() {
  local i
  for ((i = 0; i < $1; ++i)); do echo "$statement;"; done
}
ask_postgres() { repeated "$1" | psql -qXAt "$LOGCTL_DATABASE_URL" -o /dev/null; }
ask_sqlite() { { echo "$prologue"; repeated "$1"; } | sqlite3 -readonly "$file" >/dev/null; }
get() { curl -sS --fail -H "Authorization: Bearer $key" "http://127.0.0.1:$port/api/v1/logs/$1"; }
# one_value SQL: what the reference tool answers
one_value() {
  if [ "$store" = postgres ]; then psql -qXAt "$LOGCTL_DATABASE_URL" -c "$1"; else { echo "$prologue"; echo "$1;"; } | sqlite3 -readonly "$file"; fi
}

# measure NAME COUNT [NUMBER SUM]: of `question` beside `statement`, once both have found the same: NUMBER of the answer
# (a jq filter; default: how many records) and SUM over the rows of the statement (default: how many)
measure() {
  local ours theirs reference
  ours=$(get "$question" | jq "${3:-.data.logs | length}")
  theirs=$(one_value "SELECT ${4:-count(*)} FROM ($statement) AS t")
  [ "$ours" = "$theirs" ] || { echo "$0: $1: logctl finds $ours, the reference $theirs" >&2; exit 1; }
  reference=$(reference_ms "$2")
  [ $# -gt 2 ] || result "$store: $1, store" "$(ours_ms "$2" store)" "$reference" ms
  figure=$(ours_ms "$2" http "$port" "$key")
  result "$store: $1, HTTP" "$figure" "$reference" ms
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

# rows_of SINCE_DAY: for SQLite, a table expression over all days from this one on, which are attached by `prologue`
rows_of() {
  local number=0 path union=
  prologue=
  for path in "$LOGCTL_STORAGE_DATA_DIR"/logs/*.sqlite; do
    [[ ! "$(basename "$path" .sqlite)" < "$1" ]] || continue
    number=$((number + 1))
    prologue+="ATTACH '$path' AS d$number;"
    union+="${union:+ UNION ALL }SELECT timestamp, tenant, service, level, event_type, event_name FROM d$number.logs"
  done
  rows="($union) AS rows"
}

cases() {
  local last text since since_micros rows=logs first_page
  prologue=
  # One that has records on that day.
  user=$("$logctl" query -o jsonl --limit 1 --since "${day}T12:00:00Z" --until "${day}T13:00:00Z" | jq -r .user_id)
  if [ "$store" = sqlite ]; then
    file=$(ls "$LOGCTL_STORAGE_DATA_DIR"/logs/*.sqlite | tail -n 1)
    like=LIKE
  else
    like=ILIKE
  fi
  question="filter?cursor=&limit=50"
  statement="SELECT * FROM logs WHERE $mine $order LIMIT 50"
  measure "newest 50" $fast
  first_page=$figure

  # 50 000 records deep.
  cursor=
  for ((i = 0; i < 50; ++i)); do cursor=$(get "filter?limit=1000&cursor=$cursor" | jq -r .next_cursor); done
  last=$(get "filter?limit=1000&cursor=$cursor" | jq -r '.data.logs[0] | "\(.timestamp) \(.event_id)"')
  question="filter?limit=50&cursor=$cursor"
  if [ "$store" = postgres ]; then
    text="'${last% *}'::timestamptz"
  else
    text=$(date -u -d "${last% *}" +%s%6N)
    file=$LOGCTL_STORAGE_DATA_DIR/logs/$(date -u -d "${last% *}" +%F).sqlite
  fi
  statement="SELECT * FROM logs WHERE $mine AND timestamp <= $text AND (timestamp, event_id) <= ($text, '${last#* }') $order LIMIT 50"
  measure "page 1001 of 50 by cursor" $fast
  result "$store: page 1001 by cursor / page 1" "$figure" "$first_page" ms

  # For SQLite the reference is the day's file with an index of SQLite's own.
  if [ "$store" = sqlite ]; then
    file=$LOGCTL_STORAGE_DATA_DIR/logs/$day.sqlite
    cp "$file" "$work/indexed.sqlite"
    sqlite3 "$work/indexed.sqlite" 'CREATE INDEX by_user ON logs (user_id)'
    file=$work/indexed.sqlite
  fi
  question="filter?cursor=&limit=50&$window&user_id=$user"
  statement="SELECT * FROM logs WHERE $mine AND user_id = '$user' AND $(between) $order LIMIT 50"
  measure "user in one closed day" $fast

  question="filter?cursor=&limit=1000&$window&q=$(encoded "\"$word\"")"
  statement="SELECT * FROM logs WHERE $mine AND message $like '%$word%' AND $(between) $order LIMIT 1000"
  measure "words over one closed day" $slow

  if [ "$store" = postgres ]; then text="properties ->> 'amount'"; else text="properties -> '\$.amount'"; fi
  question="filter?cursor=&limit=1000&$window&q=$(encoded 'properties.amount:77.77')"
  statement="SELECT * FROM logs WHERE $mine AND ($text) = '77.77' AND $(between) $order LIMIT 1000"
  measure "property over one closed day, read as a whole" $slow
  [ "$store" = postgres ] || text="properties ->> '\$.amount'"
  question="filter?cursor=&limit=1000&$window&q=$(encoded 'properties.amount>499.98')"
  statement="SELECT * FROM logs WHERE $mine AND CAST($text AS numeric) > 499.98 AND $(between) $order LIMIT 1000"
  measure "property by order over one closed day" $slow

  # The reference counts rows; there is nothing else to count by hand.
  since=$(date -u -d "24 hours ago" +%FT%TZ)
  since_micros=$(date -u -d "$since" +%s%6N)
  if [ "$store" = sqlite ]; then
    file=:memory:
    rows_of "${since%T*}"
    statement="SELECT timestamp / 3600000000, level, count(*) AS n FROM $rows WHERE $mine AND timestamp >= $since_micros GROUP BY 1, 2"
  else
    statement="SELECT date_trunc('hour', timestamp), level, count(*) AS n FROM logs WHERE $mine AND timestamp >= '$since' GROUP BY 1, 2"
  fi
  question="hits?since=$since&group=level&step=1h"
  measure "hits over 24 h by level" $counted .data.total 'sum(n)'

  since=$(date -u -d "7 days ago" +%F)
  if [ "$store" = sqlite ]; then
    rows_of "$since"
    statement=
    for text in service level event_type event_name; do
      statement+="${statement:+ UNION ALL }SELECT '$text' AS field, $text, count(*) AS n FROM $rows WHERE $mine GROUP BY 2"
    done
  else
    statement="SELECT grouping(service, level, event_type, event_name), service, level, event_type, event_name, count(*) AS n
      FROM logs WHERE $mine AND timestamp >= '${since}T00:00:00Z' GROUP BY GROUPING SETS ((service), (level), (event_type), (event_name))"
  fi
  question="facets?since=${since}T00:00:00Z"
  measure "facets over 7 days" $counted '4 * .data.total' 'sum(n)'
}

# stored_once RUN: records a second over HTTP until the last one is a row, into the newest day
stored_once() {
  "$load" --port "$port" --key "$key" --run "$1" --records "$heavy_records" --batch 1000 --connections 2 --retry --prepare \
    --start "$(($(date -u +%s) * 1000000 - 600000000))" --step 1000 >"$work/load.json"
  if [ "$store" = sqlite ]; then jq .records_per_second "$work/load.json"; return; fi
  stored=$((stored + heavy_records))
  until_stored "$stored" >&2
  rate "$(since "$(jq .begin "$work/load.json")")" "$heavy_records"
}

# Ingest without and with somebody who reads everything all the time, and what that does to who reads.
beside_heavy() {
  local alone beside heavy quiet
  stored=$(one_stored)
  alone=$(stored_once alone)
  question="filter?cursor=&limit=1000&q=$(encoded 'properties.nothing:x')"
  ask_once
  quiet=$(seconds ask_once)
  : >"$work/heavy"
  (while :; do
    begin=$(now)
    ask_once 2>/dev/null || echo failed >>"$work/heavy.failed"
    since "$begin" >>"$work/heavy"
  done) &
  heavy=$!
  sleep 1
  stored=$(one_stored)
  beside=$(stored_once beside)
  kill "$heavy"
  wait "$heavy" 2>/dev/null || true
  result "$store: ingest beside a query that reads everything / alone" "$beside" "$alone" records/s
  [ ! -s "$work/heavy" ] || result "$store: that query beside ingest / alone" \
    "$(awk '{ sum += $1 } END { printf "%.3f", sum / NR }' "$work/heavy")" "$quiet" s
}
one_stored() {
  [ "$store" = postgres ] || { echo 0; return; }
  psql -qXAt "$LOGCTL_DATABASE_URL" -c "SELECT coalesce(sum(n), 0) FROM accounting WHERE what = 'stored'"
}

# Maintenance passes over the counts of a day two minutes after its last record: here at once.
keep_up() {
  local path
  if [ "$store" = postgres ]; then
    psql -qX "$LOGCTL_DATABASE_URL" -c "UPDATE rollup_marks SET marked_at = marked_at - interval '3 minutes' WHERE marked_at <> 'infinity'"
  else
    for path in "$LOGCTL_STORAGE_DATA_DIR"/logs/*.sqlite; do
      sqlite3 "$path" "UPDATE rollup_state SET marked_at = 0 WHERE marked_at < 9000000000000000000"
    done
  fi
  "$logctl" maintenance run --task upkeep -q >/dev/null
  "$logctl" index build --day "$day" -q >/dev/null
  [ "$store" = sqlite ] || psql -qX "$LOGCTL_DATABASE_URL" -c 'VACUUM ANALYZE' >/dev/null
}

note "$records records of about 580 bytes of JSON over $days days; $(nproc) cores"
[ "$json" = yes ] || printf '%-60s %12s %12s %8s\n' case logctl reference ratio
for store in "${stores[@]}"; do
  if [ "$store" = postgres ]; then new_database query; else new_directory query; unset LOGCTL_DATABASE_URL; fi
  "$generate" ndjson "$records" "$step" query "$first" | "$logctl" ingest - -q >/dev/null
  keep_up
  start_daemon --set maintenance.enabled=false
  key=$(make_key)
  cases
  beside_heavy
  stop_daemon
  unset LOGCTL_DATABASE_URL LOGCTL_STORAGE_DATA_DIR
done
[ "$json" = no ] || printf '%s\n' "${results[@]}" | jq -sc '{cases: .}'
