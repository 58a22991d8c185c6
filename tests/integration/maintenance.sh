#!/bin/bash
# Retention, deletion and maintenance with the real binary. Usage: maintenance.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"

use_store "$1"
export LOGCTL_BACKUP_DIR=$WORK/backups

# records DAYS PER_DAY PREFIX: so many records for each of the last days, every second one debug
records() {
  jq -nc --argjson days "$1" --argjson n "$2" --arg p "$3" 'now as $now | range($days) as $d | range($n) as $i |
    {timestamp: ($now - $d * 86400 - 60 - $i / 1000 | todate), event_id: "\($p)-\($d)-\($i)", service: "shop",
     level: (if $i % 2 == 0 then "DEBUG" else "ERROR" end), message: "record \($i) of \($d) days ago"}'
}
rows() { "$LOGCTL" query --limit 0 -o jsonl "$@" | wc -l; }
deleted() { "$LOGCTL" status -o json | jq ".deleted.$1 // 0"; }
books_close() {
  CHECKS=$((CHECKS + 1))
  "$LOGCTL" doctor --reconcile -o jsonl >"$WORK/doctor.json" || true
  jq -e -s '[.[] | select(.check | startswith("accounting"))] | length > 0 and all(.state == "ok")' \
    "$WORK/doctor.json" >/dev/null || fail "the books do not close: $(cat "$WORK/doctor.json")"
}
partitions() { "$LOGCTL" partitions list -o jsonl; }
status_of() {
  local status=0
  "$@" >"$WORK/out" 2>"$WORK/err" || status=$?
  echo "$status"
}
says() {
  CHECKS=$((CHECKS + 1))
  grep -qF -- "$1" "$WORK/err" "$WORK/out" || fail "'$1' is not in: $(cat "$WORK/err" "$WORK/out")"
}

# rules: what cannot be meant is refused
records 40 20 a | "$LOGCTL" ingest - -q >/dev/null
same "records" 800 "$(rows)"
same "an age of nothing" 1 "$([ "$(status_of "$LOGCTL" retention set --default 0)" != 0 ] && echo 1)"
says "would remove everything"
same "a tenant that is none" 5 "$(status_of "$LOGCTL" retention set --default --tenant defualt 30d)"
says "did you mean 'default'?"
same "no rule named" 2 "$(status_of "$LOGCTL" retention set 3d)"

# retention, with a backup before and after
"$LOGCTL" backup create -q >/dev/null
"$LOGCTL" retention set --default 30d -q >/dev/null
"$LOGCTL" retention apply --dry-run -q -o jsonl >"$WORK/plan.json"
same "planned" 200 "$(jq -s 'map(.rows) | add' "$WORK/plan.json")"
same "records after a dry run" 800 "$(rows)"
before=$(partitions | wc -l)
same "apply" 0 "$(status_of "$LOGCTL" retention apply -o json)"
same "records after retention" 600 "$(rows)"
same "deleted" 200 "$(deleted retention)"
same "days dropped" 1 "$([ "$(partitions | wc -l)" -lt "$((before - 8))" ] && echo 1)"
books_close
"$LOGCTL" backup create -q -o json >"$WORK/backup.json"
same "days taken over from the first backup" 1 "$(jq '.days_reused > 20 | if . then 1 else 0 end' "$WORK/backup.json")"
same "drill" 0 "$(status_of "$LOGCTL" backup drill)"

# what is older than the retention is refused when it comes in
records 40 2 late | tail -n 4 >"$WORK/late.jsonl"
same "late records" 3 "$(status_of "$LOGCTL" ingest "$WORK/late.jsonl" -o json)"
same "refused" 4 "$(jq .rejected "$WORK/out")"
books_close

# more than half needs a person
"$LOGCTL" retention set --match 'service:shop' 2d -q >/dev/null
same "too much" 6 "$(status_of "$LOGCTL" retention apply)"
says "more than half"
same "nothing was deleted" 600 "$(rows)"
"$LOGCTL" retention remove --match 'service:shop' -q
same "removing it twice" 5 "$(status_of "$LOGCTL" retention remove --match 'service:shop')"
"$LOGCTL" retention set --match 'level:debug' 20d -q >/dev/null
same "a part of each day" 0 "$(status_of "$LOGCTL" retention apply)"
same "old debug records are gone" 500 "$(rows)"

# two steps
"$LOGCTL" delete 'level:debug until:10d' -o json -q >"$WORK/plan.json"
same "planned deletion" 100 "$(jq .rows "$WORK/plan.json")"
token=$(jq -r .confirm "$WORK/plan.json")
same "another query" 6 "$(status_of "$LOGCTL" delete 'level:error until:10d' --confirm "$token")"
same "a number that is not right" 6 "$(status_of "$LOGCTL" delete 'level:debug until:10d' --confirm 99)"
same "nothing deleted yet" 500 "$(rows)"
"$LOGCTL" delete 'level:debug until:10d' --confirm "$token" -q -o json >"$WORK/done.json"
same "deleted by the query" 100 "$(jq .deleted "$WORK/done.json")"
same "records left" 400 "$(rows)"
same "audit row" 1 "$("$LOGCTL" delete --list -o jsonl | jq -s 'map(select(.deleted == 100 and .finished_at != null)) | length')"
books_close

# the same through a daemon
start_daemon --set maintenance.enabled=false
make_key --scopes read
export LOGCTL_API_KEY=$KEY
same "a key that may read may not delete" 4 "$(status_of "$LOGCTL" delete 'message:none' --url "$URL")"
same "no key deletes that sees a part" 2 "$(status_of "$LOGCTL" keys create --name part --scopes admin,read --only service=shop)"
make_key --scopes admin --tenant other
export LOGCTL_API_KEY=$KEY
same "another tenant's records are not found" 0 "$("$LOGCTL" delete 'level:error' --url "$URL" -o json -q | jq .rows)"
make_key --scopes admin
export LOGCTL_API_KEY=$KEY
records 2 50 http | "$LOGCTL" ingest - -q >/dev/null
doomed='message:"record" event_id:http-*'
left=$(rows)
"$LOGCTL" delete "$doomed" --url "$URL" -o json >"$WORK/plan.json" 2>"$WORK/said"
doomed_rows=$(jq .rows "$WORK/plan.json")
[ "$doomed_rows" -gt 0 ] || fail "nothing to delete: $(cat "$WORK/plan.json")"
grep -q "nothing was deleted; the same with --confirm $(jq -r .confirm "$WORK/plan.json")" "$WORK/said" || fail "$(cat "$WORK/said")"
same "planned, not deleted" "$left" "$(rows)"
same "another query" 6 "$(status_of "$LOGCTL" delete 'level:error' --url "$URL" --confirm "$(jq -r .confirm "$WORK/plan.json")")"
same "what is no query" 2 "$(status_of "$LOGCTL" delete 'levl:error' --url "$URL")"
same "everything" 2 "$(status_of "$LOGCTL" delete '   ' --url "$URL")"
"$LOGCTL" delete "$doomed" --url "$URL" --confirm "$(jq -r .confirm "$WORK/plan.json")" -o json -q >"$WORK/done.json"
same "deleted by the daemon" "$doomed_rows" "$(jq .deleted "$WORK/done.json")"
same "are gone" "$((left - doomed_rows))" "$(rows)"
same "who did it" 1 "$("$LOGCTL" delete --list -o jsonl | jq -s 'map(select(.ran_by | test("^key .* from 127.0.0.1, through "))) | length')"
request DELETE "/api/v1/logs?q=level:error&nothing=1"
expect 400 '.details[0].field' nothing
stop_daemon
DAEMON_PIDS=()
unset LOGCTL_API_KEY
books_close

# killed in the middle of it: the next run finishes, and the books close
records 15 4000 k | "$LOGCTL" ingest - -q >/dev/null
"$LOGCTL" retention set --match 'level:debug' 12h -q >/dev/null
"$LOGCTL" retention set --match 'message:"record 3"' 60d -q >/dev/null # keeps some of each day
was=$(deleted retention)
"$LOGCTL" retention apply --confirm >/dev/null 2>&1 &
apply=$!
begun() { [ "$(deleted retention)" -gt "$was" ] || ended "$apply"; }
until_true 60 begun || fail "nothing was deleted"
kill -9 "$apply" 2>/dev/null || true
wait "$apply" 2>/dev/null || true
books_close
same "the next run" 0 "$(status_of "$LOGCTL" retention apply --confirm)"
same "debug records that are too old" 0 "$(rows 'level:debug until:13h -"record 3"')"
books_close

# a daemon does it, and only one of them
"$LOGCTL" retention remove --match 'message:"record 3"' -q
"$LOGCTL" retention set --match 'service:shop' 12h -q >/dev/null # nearly everything: that waits for a person
start_daemon --set maintenance.interval=1s
if [ "$STORE" = postgres ]; then
  PORT=
  LOGCTL_STORAGE_DATA_DIR=$WORK/data2 start_daemon --set maintenance.interval=1s
fi
make_key --scopes ingest,read,admin
ran() { "$LOGCTL" maintenance status -o jsonl | jq -e -s 'all(.[]; .finished_at != null)' >/dev/null; }
until_true 120 ran || fail "no daemon did maintenance: $("$LOGCTL" maintenance status -o jsonl)"
told() { request GET /metrics && grep -q 'logctl_maintenance_last_success_timestamp{task="upkeep"}' "$BODY"; }
until_true 30 told || fail "no metric: $(grep maintenance "$BODY")"
refused() { grep -q 'more than half' "$WORK"/daemon*.log; }
until_true 30 refused || fail "what a person must agree to is not logged"
request POST /api/v1/ingest --data "$(records 70 1 old | tail -n 1 |
  jq -c '. + {event_type: "telemetry", event_name: "x"} | del(.service)')"
expect 400
grep -q 'the retention' "$BODY" || fail "not refused by the retention: $(cat "$BODY")"
same "doctor says what is left undone" 8 "$(status_of "$LOGCTL" doctor)"
says "more than half"
for pid in "${DAEMON_PIDS[@]}"; do stop_daemon "$pid"; done
books_close
echo "maintenance on $STORE: $CHECKS checks passed"
