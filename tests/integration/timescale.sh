#!/bin/bash
# A store on a hypertable with the real binary: indexes, compression, late records, deletion, retention, a daemon, the way
# down. Usage: with_postgres.sh --timescale timescale.sh
. "$(dirname "$0")/../support/daemon.sh"

use_store timescale
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$LOGCTL_DATABASE_URL" -c "$1"; }
# records DAYS PER_DAY PREFIX: so many for each of the last days, every second one debug
records() {
  jq -nc --argjson days "$1" --argjson n "$2" --arg p "$3" '((now / 86400 | floor) * 86400) as $today |
    range(1; $days + 1) as $d | range($n) as $i |
    {timestamp: ($today - $d * 86400 + 3600 + $i * 60 | todate), event_id: "\($p)-\($d)-\($i)", service: "shop",
     level: (if $i % 2 == 0 then "DEBUG" else "ERROR" end), user_id: "user-\($i % 7)", message: "record \($i) of \($d) days ago"}'
}
rows() { "$LOGCTL" query --limit 0 -o jsonl "$@" | wc -l; }
books_close() {
  CHECKS=$((CHECKS + 1))
  "$LOGCTL" doctor --reconcile -o jsonl >"$WORK/doctor.json" || true
  jq -e -s '[.[] | select(.check | startswith("accounting"))] | length > 0 and all(.state == "ok")' \
    "$WORK/doctor.json" >/dev/null || fail "the books do not close: $(cat "$WORK/doctor.json")"
}
day_before() { date -u -d "$1 days ago" +%Y-%m-%d; }
compressed() { sql "SELECT count(*) FROM pg_inherits WHERE inhparent = 'logs'::regclass AND _timescaledb_functions.chunk_status(inhrelid) = 1"; }

same "what logs is" r "$(sql "SELECT relkind FROM pg_class WHERE oid = 'logs'::regclass")"
"$LOGCTL" migrate verify >"$WORK/verify" 2>&1 || fail "verify: $(cat "$WORK/verify")"
records 12 200 a | "$LOGCTL" ingest - -q >/dev/null
same "days" 12 "$("$LOGCTL" partitions list -o jsonl | wc -l)"

# everything that maintenance does; of 12 days the last 7 stay as they are
"$LOGCTL" maintenance run --dry-run -o jsonl >"$WORK/plan.json"
same "days to compress" 1 "$(jq -r 'select(.task == "compression") | .done' "$WORK/plan.json" | grep -c 'would compress [45] days')"
"$LOGCTL" maintenance run -o jsonl >"$WORK/run.json" || fail "maintenance: $(cat "$WORK/run.json")"
many=$(compressed)
[ "$many" = 4 ] || [ "$many" = 5 ] || fail "$many days are compressed"
same "indexes of each day" "12 6" "$("$LOGCTL" index list -o jsonl | jq -s -r '[(map(.day) | unique | length), (map(.field) | unique | length)] | join(" ")')"
"$LOGCTL" partitions list -o jsonl >"$WORK/days.json"
same "rows" 2400 "$(jq -s 'map(.rows) | add' "$WORK/days.json")"
same "records of one user" 348 "$(rows 'user_id:user-3')"
same "words of one day" 1 "$(rows '"record 17 of 10 days ago"')"
same "records of a level" 1200 "$("$LOGCTL" hits level:error --since 30d --step 1d -o jsonl | jq -s 'map(.count) | add')"

# late and repeated records of a compressed day
records 10 203 a | tail -n 203 | "$LOGCTL" ingest - -q >/dev/null
same "records" 2403 "$(rows)"
"$LOGCTL" index add service --day "$(day_before 10)" -q
"$LOGCTL" index add host --day "$(day_before 10)" -q
"$LOGCTL" index drop host --day "$(day_before 10)" -q
"$LOGCTL" maintenance run -q >/dev/null
same "compressed days" "$many" "$(compressed)"
books_close

# deletion and retention reach into compressed days
"$LOGCTL" delete "level:debug since:$(day_before 11)T00:00:00Z until:$(day_before 9)T00:00:00Z" -o json -q >"$WORK/plan.json"
"$LOGCTL" delete "level:debug since:$(day_before 11)T00:00:00Z until:$(day_before 9)T00:00:00Z" --confirm "$(jq -r .confirm "$WORK/plan.json")" -q >/dev/null
same "records" 2201 "$(rows)"
"$LOGCTL" retention set --default 11d -q >/dev/null
"$LOGCTL" retention set --match level:error 300d -q >/dev/null
"$LOGCTL" retention apply -q >/dev/null
same "debug records older than the rule" 0 "$(rows 'level:debug until:11d')"
"$LOGCTL" retention remove --match level:error -q
"$LOGCTL" retention apply -q >/dev/null
same "records older than the rule" 0 "$(rows until:11d)"
same "the oldest day" "" "$("$LOGCTL" partitions list -o jsonl | jq -r --arg day "$(day_before 12)" 'select(.day == $day) | .day')"
books_close

# a daemon finds its chunks made ahead, and nothing wrong
start_daemon
make_key
request POST /api/v1/ingest --data '{"event_type":"telemetry","event_name":"x","message":"now"}'
expect_one_of() { [[ " $* " == *" $STATUS "* ]] || fail "status $STATUS: $(cat "$BODY")"; }
expect_one_of 200 201 202
found() { [ "$(rows 'message:now')" = 1 ]; }
until_true 20 found || fail "the record did not arrive"
healthy() { "$LOGCTL" doctor -o jsonl >"$WORK/doctor.json" && jq -e -s 'any(.[]; .check == "timescaledb" and .state == "ok")' "$WORK/doctor.json" >/dev/null; }
until_true 20 healthy || fail "doctor: $(cat "$WORK/doctor.json")"
stop_daemon

# and back: day partitions, with every record
before=$(rows)
step=$("$LOGCTL" migrate status -o jsonl | jq -s 'map(select(.name == "hypertable")) | .[0].version')
"$LOGCTL" migrate down --to "$((step - 1))" --confirm -q >"$WORK/out" 2>&1 || fail "down: $(cat "$WORK/out")"
LOGCTL_STORAGE_PARTITIONING=auto "$LOGCTL" migrate up -q >/dev/null
same "what logs is" p "$(sql "SELECT relkind FROM pg_class WHERE oid = 'logs'::regclass")"
same "records" "$before" "$(rows)"
export LOGCTL_STORAGE_PARTITIONING=native
"$LOGCTL" maintenance run -q >/dev/null
books_close
echo "timescale: $CHECKS checks passed"
