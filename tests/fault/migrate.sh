#!/bin/bash
# `migrate up` from two shells at once, killed half-way and on a full disk: each leaves a state that `status` describes and
# `up` finishes.
# Usage: migrate.sh sqlite, or with_postgres.sh migrate.sh postgres
. "$(dirname "$0")/../support/daemon.sh"
STORE=$1
KILLS=${MIGRATE_KILLS:-8}
export LOGCTL_CONFIG=$WORK/empty.yaml
: >"$LOGCTL_CONFIG"
trap 'status=$?; [ -z "${disk:-}" ] || umount -l "$disk" 2>/dev/null || true; (exit $status); finish' EXIT

# An empty store with the given name, and an empty folder of steps for it: sets STEPS.
fresh() {
  export LOGCTL_STORAGE_DATA_DIR=$WORK/$1
  if [ "$STORE" = postgres ]; then
    psql -qX "$LOGCTL_TEST_POSTGRES" -c "CREATE SCHEMA $1"
    export LOGCTL_DATABASE_URL="$LOGCTL_TEST_POSTGRES?options=-csearch_path%3D$1"
  fi
  STEPS=$WORK/steps-$1
  mkdir "$STEPS"
}
sql() {
  if [ "$STORE" = postgres ]; then
    psql -qXAt -v ON_ERROR_STOP=1 "$LOGCTL_DATABASE_URL" -c "$1"
  else
    sqlite3 -cmd '.timeout 10000' "$LOGCTL_STORAGE_DATA_DIR/meta.sqlite" "$1"
  fi
}
# step NUMBER NAME UP [DOWN]
step() {
  echo "$3" >"$STEPS/$1_$2.up.sql"
  echo "${4:-SELECT 1;}" >"$STEPS/$1_$2.down.sql"
}
migrate() { "$LOGCTL" migrate "$1" --dir "$STEPS" "${@:2}"; }
# state VERSION [FIELD]: what `status` says about a step
state() { migrate status -o jsonl 2>/dev/null | jq -r "select(.version == $1 and .set == \"$STORE\") | .${2:-state}"; }
NONE='-- logctl:no-transaction'

# While the gate is closed no step can write: PostgreSQL by a lock that the step wants, SQLite by a writer.
if [ "$STORE" = postgres ]; then
  GATE_SQL='SELECT pg_advisory_xact_lock(4711);'
else
  GATE_SQL='SELECT 1;'
fi
close_gate() {
  local answer
  if [ "$STORE" = postgres ]; then
    coproc GATE { psql -qXAt "$LOGCTL_DATABASE_URL"; }
    echo "BEGIN; SELECT pg_advisory_xact_lock(4711); SELECT 'closed';" >&"${GATE[1]}"
    read -r _ <&"${GATE[0]}"  # the empty value of the lock
  else
    coproc GATE { sqlite3 "$LOGCTL_STORAGE_DATA_DIR/meta.sqlite"; }
    echo "BEGIN IMMEDIATE; SELECT 'closed';" >&"${GATE[1]}"
  fi
  gate_pid=$GATE_PID
  read -r answer <&"${GATE[0]}"
  same "the gate" closed "$answer"
}
open_gate() {
  echo 'COMMIT;' >&"${GATE[1]}"
  eval "exec ${GATE[1]}>&-"
  wait "$gate_pid" || true
}
running() { migrate status 2>&1 >/dev/null | grep -q "a migration is running: process $1 on "; }

echo "two at once"
fresh together
step 0001 first 'CREATE TABLE first (x INTEGER);' 'DROP TABLE first;'
migrate up -q >/dev/null
step 0002 gate "$GATE_SQL"
step 0003 last 'CREATE TABLE last (x INTEGER);' 'DROP TABLE last;'
close_gate
"$LOGCTL" migrate up --dir "$STEPS" -o json >"$WORK/a.out" 2>"$WORK/a.err" &
a=$!
until_true 20 running "$a" || fail "status does not name the run: $(migrate status 2>&1)"
status=0
migrate up --lock-timeout 200ms 2>"$WORK/b.err" || status=$?
same "the status of a run that does not get the lock" 6 "$status"
grep -q "^logctl: the migration lock is held by process $a on [^ ]* since 20[0-9TZ:-]*.*; waited 200ms$" "$WORK/b.err" ||
  fail "the holder is not named: $(cat "$WORK/b.err")"
"$LOGCTL" migrate up --dir "$STEPS" -o json >"$WORK/c.out" 2>"$WORK/c.err" &
c=$!
open_gate
wait "$a" || fail "the first run: $(cat "$WORK/a.err")"
wait "$c" || fail "the second run: $(cat "$WORK/c.err")"
same "steps applied by both" 2 "$(($(jq .applied "$WORK/a.out") + $(jq .applied "$WORK/c.out")))"
same "the last step" applied "$(state 3)"

echo "killed within a step outside a transaction"
fresh cut
step 0001 marks 'CREATE TABLE marks (k INTEGER PRIMARY KEY); CREATE TABLE speed (n BIGINT); INSERT INTO speed VALUES (1000000000000);'
# Takes for ever until somebody says otherwise.
if [ "$STORE" = postgres ]; then
  long='SELECT pg_sleep(3600) FROM speed WHERE n > 10;'
  ignore='ON CONFLICT DO NOTHING'
  insert='INSERT'
else
  long='INSERT OR IGNORE INTO marks SELECT 2 + 0 * count(*) FROM (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < (SELECT n FROM speed)) SELECT i FROM c);'
  ignore=''
  insert='INSERT OR IGNORE'
fi
step 0002 slow "$NONE
$insert INTO marks VALUES (1) $ignore;
$long
$insert INTO marks VALUES (3) $ignore;" "$NONE
DELETE FROM marks WHERE k = 3; DELETE FROM marks;"
"$LOGCTL" migrate up --dir "$STEPS" -q >/dev/null 2>"$WORK/cut.err" &
cut=$!
stuck() { [ "$(sql "SELECT done FROM schema_journal" 2>/dev/null)" = 1 ]; }
until_true 20 stuck || fail "the step did not get to its second statement"
kill -9 "$cut"
wait "$cut" 2>/dev/null || true
same "the state of a killed step" half-done "$(state 2)"
case $(state 2 detail) in
  "1 of 3 statements are done, next is \`${long:0:20}"*"; begun by process $cut on "*) CHECKS=$((CHECKS + 1)) ;;
  *) fail "status does not say how far it came: $(state 2 detail)" ;;
esac
status=0
migrate status --exit-code >/dev/null 2>&1 || status=$?
same "status --exit-code of a half-done step" 8 "$status"
same "what plan says" true "$(migrate plan -o jsonl 2>/dev/null | jq -s 'length == 1 and .[0].half_done and (.[0].transaction | not)')"
if [ "$STORE" = sqlite ]; then until_true 20 sql 'UPDATE speed SET n = 10'; else sql 'UPDATE speed SET n = 10'; fi
migrate up -o json >"$WORK/cut.out" 2>"$WORK/cut.err" || fail "up does not go on: $(cat "$WORK/cut.err")"
grep -q '^continue 0002 slow$' "$WORK/cut.err" || fail "up does not say that it continues: $(cat "$WORK/cut.err")"
same "the state after going on" applied "$(state 2)"
same "the first and the last mark" 2 "$(sql 'SELECT count(*) FROM marks WHERE k IN (1, 3)')"
migrate verify >"$WORK/verify" 2>&1 || fail "$(cat "$WORK/verify")"

if [ "$STORE" = postgres ]; then
  echo "killed while an index is built beside the writers"
  step 0003 index "$NONE
CREATE INDEX CONCURRENTLY IF NOT EXISTS marks_k ON marks (k);" "$NONE
DROP INDEX CONCURRENTLY IF EXISTS marks_k;"
  coproc GATE { psql -qXAt "$LOGCTL_DATABASE_URL"; }
  gate_pid=$GATE_PID
  echo "BEGIN; INSERT INTO marks VALUES (100) RETURNING k;" >&"${GATE[1]}"
  read -r _ <&"${GATE[0]}"
  "$LOGCTL" migrate up --dir "$STEPS" -q >/dev/null 2>&1 &
  cut=$!
  begun() { [ "$(sql "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('marks_k') AND NOT indisvalid")" = 1 ]; }
  until_true 20 begun || fail "the index was not begun"
  kill -9 "$cut"
  wait "$cut" 2>/dev/null || true
  same "the state" half-done "$(state 3)"
  open_gate
  migrate up -q >/dev/null || fail "up did not finish the index"
  same "a valid index" t "$(sql "SELECT indisvalid FROM pg_index WHERE indexrelid = 'marks_k'::regclass")"
  same "the state of the index" applied "$(state 3)"
fi

if [ "$STORE" = postgres ]; then
  echo "without permission"
  fresh owned
  step 0001 first 'CREATE TABLE first (x INTEGER);' 'DROP TABLE first;'
  psql -qX "$LOGCTL_TEST_POSTGRES" -c 'CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA owned TO reader'
  status=0
  LOGCTL_DATABASE_URL=${LOGCTL_DATABASE_URL/postgres@/reader@} migrate up 2>"$WORK/reader.err" || status=$?
  same "the status without permission" 1 "$status"
  grep -q "^logctl: apply step 1 'first': permission denied for schema owned$" "$WORK/reader.err" || fail "$(cat "$WORK/reader.err")"
  grep -q '^hint: connect as the role that owns the schema' "$WORK/reader.err" || fail "$(cat "$WORK/reader.err")"
  migrate up -q >/dev/null
  psql -qX "$LOGCTL_TEST_POSTGRES" -c 'GRANT SELECT ON ALL TABLES IN SCHEMA owned TO reader'
  status=0
  LOGCTL_DATABASE_URL=${LOGCTL_DATABASE_URL/postgres@/reader@} migrate verify 2>"$WORK/reader.err" || status=$?
  same "the status of verify without permission" 1 "$status"
  grep -q '^hint: the comparison is made in a schema that is rolled back: grant' "$WORK/reader.err" || fail "$(cat "$WORK/reader.err")"
fi

echo "killed at random, $KILLS times"
fresh often
statements=40
body() {
  local i
  for ((i = 1; i <= statements; i++)); do echo "$insert INTO marks VALUES ($1$((i + 100))) $ignore;"; done
}
step 0001 marks 'CREATE TABLE marks (k INTEGER PRIMARY KEY);'
for n in 2 3 4 5; do
  if ((n % 2)); then step 000$n "in_one" "$(body $n)"; else step 000$n "by_statement" "$NONE
$(body $n)"; fi
done
for ((n = 0; n < KILLS; n++)); do
  "$LOGCTL" migrate up --dir "$STEPS" -q >/dev/null 2>&1 &
  cut=$!
  sleep "0.0$((RANDOM % 10))"
  kill -9 "$cut" 2>/dev/null || true
  wait "$cut" 2>/dev/null || true
  migrate status -o json >"$WORK/status.json" 2>/dev/null || fail "status failed after a kill: $(cat "$WORK/status.json")"
  same "states that nobody knows" 0 "$(jq '[.[].state | select(. != "applied" and . != "pending" and . != "half-done")] | length' "$WORK/status.json")"
  same "steps in the middle" true "$(jq '[.[].state | select(. == "half-done")] | length <= 1' "$WORK/status.json")"
done
migrate up -q >/dev/null || fail "up did not finish"
same "the last of five steps" applied "$(state 5)"
same "marks" $((4 * statements)) "$(sql 'SELECT count(*) FROM marks')"

echo "a full disk"
disk=$WORK/disk
mkdir "$disk"
if [ "$(id -u)" != 0 ] || ! mount -t tmpfs -o size=2m logctl-test "$disk" 2>"$WORK/mount.log"; then
  disk=
  echo "migrate on $STORE: $CHECKS checks. The full disk was not tried: no tmpfs can be mounted here $(cat "$WORK/mount.log" 2>/dev/null)"
  exit 0
fi
fresh space
if [ "$STORE" = postgres ]; then
  chmod a+x "$WORK"
  chown "$(stat -c %U "$LOGCTL_TEST_PGDATA")" "$disk"
  psql -qX "$LOGCTL_TEST_POSTGRES" -c "CREATE TABLESPACE small LOCATION '$disk'"
  place=' TABLESPACE small'
  fill() { echo "INSERT INTO $1 SELECT md5(i::text) FROM generate_series(1, $2) AS i;"; }
else
  export LOGCTL_STORAGE_DATA_DIR=$disk/store
  place=''
  fill() { echo "INSERT INTO $1 WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < $2) SELECT hex(randomblob(16)) FROM c;"; }
fi
step 0001 small 'CREATE TABLE small (x INTEGER);' 'DROP TABLE small;'
step 0002 big "CREATE TABLE big (x TEXT)$place;
$(fill big 100000)" 'DROP TABLE big;'
step 0003 more "$NONE
CREATE TABLE IF NOT EXISTS more (x TEXT)$place;
DELETE FROM more;
$(fill more 400000)" 'DROP TABLE more;'
# full_disk VERSION STATE: `up` fails for want of space at that step, which is then in STATE
full_disk() {
  status=0
  migrate up -q >/dev/null 2>"$WORK/full.err" || status=$?
  same "the status on a full disk: $(cat "$WORK/full.err")" 75 "$status"
  grep -qi "step $1 .*\(disk is full\|No space left on device\)" "$WORK/full.err" || fail "the reason is not named: $(cat "$WORK/full.err")"
  grep -q '^hint: .*make room on the disk' "$WORK/full.err" || fail "no hint: $(cat "$WORK/full.err")"
  same "the step before" applied "$(state $(($1 - 1)))"
  same "the step that did not fit" "$2" "$(state "$1")"
}
full_disk 2 pending
mount -o remount,size=16m "$disk"
full_disk 3 half-done
mount -o remount,size=200m "$disk"
migrate up -q >/dev/null || fail "up did not finish once there was room"
same "the last step" applied "$(state 3)"
same "rows" "100000 400000" "$(sql 'SELECT count(*) FROM big') $(sql 'SELECT count(*) FROM more')"
echo "migrate on $STORE: $CHECKS checks"
