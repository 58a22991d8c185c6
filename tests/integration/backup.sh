#!/bin/bash
# The life of backups on one store: full and incremental, verified, drilled, restored, pruned, encrypted; and what must be
# noticed: every flipped byte, a missing row, a full disk, a wrong key.
# Usage: backup.sh sqlite | with_postgres.sh backup.sh postgres
. "$(dirname "$0")/../support/daemon.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store "$1"
export LOGCTL_BACKUP_DIR=$WORK/backups LOGCTL_BACKUP_MIN_FREE=0
backup() { "$LOGCTL" backup "$@"; }

# expect_status STATUS COMMAND...: what it says lies in $WORK/out and $WORK/err
expect_status() {
  local wanted=$1 status=0
  shift
  "$@" >"$WORK/out" 2>"$WORK/err" || status=$?
  same "exit status of '$*' ($(cat "$WORK/err"))" "$wanted" "$status"
}
said() {
  CHECKS=$((CHECKS + 1))
  grep -q -- "$1" "$WORK/err" || fail "expected '$1' in: $(cat "$WORK/err")"
}
is() { same "$1 of $(cat "$WORK/out")" "$2" "$(jq -r "$1" "$WORK/out")"; }
create() { expect_status 0 backup create -o json "$@"; }
counts() { "$LOGCTL" hits --step 1d --group level --since 2025-01-01T00:00:00Z -o jsonl; }
rows_everywhere() { "$LOGCTL" query --limit 0 -o jsonl | LC_ALL=C sort; }
sql() { # on the records of the first day
  if [ "$STORE" = sqlite ]; then
    sqlite3 -cmd '.timeout 5000' "$LOGCTL_STORAGE_DATA_DIR/logs/2025-01-01.sqlite" "$1"
  else
    psql -qXAt "$LOGCTL_DATABASE_URL" -c "$1"
  fi
}
reconciled() {
  CHECKS=$((CHECKS + 1))
  "$LOGCTL" doctor --reconcile -o plain >"$WORK/doctor" || fail "$(cat "$WORK/doctor")"
}

# four closed days and one that is open
records=12000
"$GENERATE" ndjson $records $((4 * 86400 * 1000000 / records)) first | "$LOGCTL" ingest - -q >/dev/null
echo '{"message":"of today","event_id":"today"}' | "$LOGCTL" ingest - -q >/dev/null
make_key
# messages of streams come back with everything else
"$LOGCTL" namespaces create shop >/dev/null
streams() { "$LOGCTL" streams "$@" --namespace shop; }
for n in 1 2 3 4; do streams write "order-$((n % 2))" Placed "{\"n\":$n.50}" --metadata '{"correlationStreamName":"cart-1"}' >/dev/null; done
streams export >"$WORK/messages"
same "messages" 4 "$(wc -l <"$WORK/messages")"

expect_status 5 backup verify
said "there is no backup"
expect_status 0 backup list -o json
is length 0

create
is .type full
is .rows $((records + 1))
is .days 5
is .days_reused 0
full=$(jq .new_bytes "$WORK/out")
first=$(jq -r .id "$WORK/out")
create
is .type incremental
is .days_reused 4
no_bytes=$(jq .new_bytes "$WORK/out")
[ "$no_bytes" -lt $((full / 10)) ] || fail "an incremental backup without new days wrote $no_bytes of $full bytes"
expect_status 0 backup verify -o json
is '.problems | length' 0
is .backups 2
expect_status 0 backup drill -o json
is .ok true
is .rows $((records + 1))
create --type full
is .days_reused 0

# what changes a closed day is noticed: a late record, a row changed or removed by hand
echo '{"message":"late","event_id":"late","timestamp":"2025-01-01T12:00:00Z"}' | "$LOGCTL" ingest - -q >/dev/null
expect_status 0 backup create --dry-run -o json
is .type incremental
is '.days - .copied_days' 3
is '[.copied[] | select(test("2025-?01-?01"))] | length' 1
expect_status 0 backup create --dry-run --type full -o json
is '.days - .copied_days' 0
create
is .days_reused 3
is .rows $((records + 2))
create
is .days_reused 4
sql "UPDATE logs SET message = 'changed by hand' WHERE event_id = 'late'"
create
is .days_reused 3
if [ "$STORE" = postgres ]; then
  # within a savepoint that is rolled back nothing has changed; TRUNCATE is a change
  sql "BEGIN; SAVEPOINT a; UPDATE logs SET message = 'x' WHERE event_id = 'late'; ROLLBACK TO a; COMMIT"
  create
  is .days_reused 4
  sql "CREATE TABLE copy_of AS TABLE logs_20250102; TRUNCATE logs_20250102; INSERT INTO logs SELECT * FROM copy_of; DROP TABLE copy_of"
  create
  is .days_reused 3
fi
expect_status 0 backup drill -o json
is .ok true

# prune never damages what it keeps
expect_status 2 backup prune --keep-last 0
expect_status 0 backup prune --keep-last 2 --dry-run -o json
count=$(jq .removed "$WORK/out")
same "backups after a dry run" $((count + 2)) "$(ls "$LOGCTL_BACKUP_DIR/backups" | wc -l)"
expect_status 0 backup prune --keep-last 2 -o json
is .kept 2
same "backups" 2 "$(ls "$LOGCTL_BACKUP_DIR/backups" | wc -l)"
[ ! -e "$LOGCTL_BACKUP_DIR/backups/$first" ] || fail "the oldest backup is still there"
same "day files that nobody needs" "" "$(cd "$LOGCTL_BACKUP_DIR" && ls days/* | grep -vxF "$(jq -r '.partitions[].file.path // empty' backups/*/manifest.json)")"
expect_status 0 backup verify
expect_status 0 backup drill
expect_status 0 backup prune --keep-last 1
id=$(backup list -o json | jq -r '.[-1].id')

# any flipped byte of any file is named
while IFS= read -r file; do
  size=$(stat -c %s "$file")
  for at in 0 $((RANDOM * 32768 % size + RANDOM % size)) $((size - 1)); do
    at=$((at % size))
    cp "$file" "$WORK/good"
    byte=$(od -An -tu1 -j "$at" -N1 "$file")
    printf "\\x$(printf %02x $((byte ^ (1 << RANDOM % 8))))" | dd of="$file" bs=1 seek="$at" conv=notrunc status=none
    expect_status 7 backup verify -o json
    grep -qF "$(basename "$file")" "$WORK/out" || fail "byte $at of $file was flipped: $(cat "$WORK/out")"
    cp "$WORK/good" "$file"
  done
done < <(find "$LOGCTL_BACKUP_DIR/backups" "$LOGCTL_BACKUP_DIR/days" -type f)
mv "$LOGCTL_BACKUP_DIR/backups/$id/manifest.sha256" "$WORK/sums"
expect_status 7 backup verify
expect_status 7 backup list
mv "$WORK/sums" "$LOGCTL_BACKUP_DIR/backups/$id/manifest.sha256"
expect_status 0 backup verify

# the daemon tells when a drill last succeeded; node_exporter can
expect_status 0 backup drill --textfile "$WORK/drill.prom" -o json
ok_at=$(jq -r .last_ok_at "$LOGCTL_BACKUP_DIR/drill.json")
same "successful drill for node_exporter" 1 "$(awk '$1 == "logctl_backup_last_drill_success" { print $2 }' "$WORK/drill.prom")"
start_daemon
metric() { curl -sS "$URL/metrics" | awk -v name="$1" '$1 == name { printf "%d", $2 }'; }
same "metric of the last good drill" "$(date -ud "$ok_at" +%s)" "$(metric logctl_backup_last_drill_ok_timestamp)"
# backups made within one second have ids of later ones
told_at=$(metric logctl_backup_last_timestamp)
made_at=$(date -ud "$(backup list -o json | jq -r '.[-1].created_at')" +%s)
named_at=$(date -ud "$(backup list -o json | jq -r '.[-1].id' | sed -E 's/^(....)(..)(..)T(..)(..)(..)Z$/\1-\2-\3T\4:\5:\6Z/')" +%s)
same "metric of the newest backup" yes "$([ "$made_at" -le "$told_at" ] && [ "$told_at" -le "$named_at" ] && echo yes || echo "$made_at $told_at $named_at")"

# a backup that lacks one row and is otherwise in order does not get through a drill
cp -a "$LOGCTL_BACKUP_DIR" "$WORK/forged"
manifest=$WORK/forged/backups/$id/manifest.json
day=$(jq -r '[.partitions[] | select(.file != null and .rows > 100)][0].file.path' "$manifest")
columns=$(jq -r --arg p "$day" '.partitions[] | select(.file.path == $p) | .columns | join(",")' "$manifest")
if [ "$STORE" = sqlite ]; then
  zstd -qdf "$WORK/forged/$day" -o "$WORK/day.sqlite"

  sqlite3 "$WORK/day.sqlite" "DELETE FROM logs WHERE event_id = (SELECT min(event_id) FROM logs)"
  zstd -qf "$WORK/day.sqlite" -o "$WORK/forged/$day"
else
  zstd -qdf "$WORK/forged/$day" -o "$WORK/day.copy"
  psql -qX "$LOGCTL_DATABASE_URL" -v ON_ERROR_STOP=1 -c "CREATE TABLE forged (LIKE logs)" \
    -c "\\copy forged ($columns) FROM '$WORK/day.copy' (FORMAT binary)" \
    -c "DELETE FROM forged WHERE event_id = (SELECT min(event_id) FROM forged)" \
    -c "\\copy forged ($columns) TO '$WORK/day.copy' (FORMAT binary)" -c "DROP TABLE forged"
  zstd -qf "$WORK/day.copy" -o "$WORK/forged/$day"
fi
sum=$(sha256sum <"$WORK/forged/$day" | cut -d' ' -f1)
jq -c --arg p "$day" --arg sum "$sum" --argjson bytes "$(stat -c %s "$WORK/forged/$day")" \
  '(.partitions[] | select(.file.path == $p) | .file) |= (.sha256 = $sum | .bytes = $bytes)' "$manifest" >"$manifest.new"
mv "$manifest.new" "$manifest"
(cd "$(dirname "$manifest")" && sha256sum manifest.json >manifest.sha256)
LOGCTL_BACKUP_DIR=$WORK/forged expect_status 0 backup verify
LOGCTL_BACKUP_DIR=$WORK/forged expect_status 8 backup drill -o json
is .ok false
CHECKS=$((CHECKS + 1))
jq -e '.differences | map(select(.what | test("[0-9]+ rows, the manifest says"))) | length > 0' "$WORK/out" >/dev/null ||
  fail "the drill does not say what is missing: $(cat "$WORK/out")"
same "state after a failed drill" false "$(jq .ok "$WORK/forged/drill.json")"
same "last good drill after a failed one" "$ok_at" "$(jq -r .last_ok_at "$WORK/forged/drill.json")"

# restore replaces nothing by itself, and not while the store is in use
rows_everywhere >"$WORK/before"
counts >"$WORK/counts"
name=$([ "$STORE" = sqlite ] && echo data || echo "${LOGCTL_DATABASE_URL##*/}")
expect_status 6 backup restore latest
said "--confirm $name"
expect_status 6 backup restore latest --confirm other
expect_status 6 backup restore latest --confirm "$name"
said "in use"
stop_daemon
expect_status 0 backup restore latest --confirm "$name" --dry-run -o json
is .ok true
is '.checks | map(.check) | join(" ")' "kind time schema key place readiness space files"
same "what a dry run leaves in the backup directory" "" "$(ls "$LOGCTL_BACKUP_DIR" | grep -v '^backups$\|^days$\|^incoming$\|^drill.json$\|lock$' || true)"
if [ "$STORE" = postgres ]; then
  # the first steps are tried and taken back; what cannot be done is told before, and by the same words
  sql "DROP ROLE IF EXISTS tiny; CREATE ROLE tiny LOGIN; GRANT USAGE ON SCHEMA public TO tiny; GRANT SELECT ON schema_migrations TO tiny"
  LOGCTL_DATABASE_URL=${LOGCTL_DATABASE_URL/postgres@/tiny@} expect_status 1 backup restore latest --confirm "$name" --dry-run -o json
  is .ok false
  is '.checks[] | select(.ok | not) | .check' readiness
  sql "CREATE TABLE of_others (n int)"
  expect_status 6 backup restore latest --confirm "$name" --dry-run -o json
  is '.checks[] | select(.ok | not) | .check' readiness
  sql "DROP TABLE of_others"
fi
sql "DELETE FROM logs WHERE event_id LIKE 'first-%'" >/dev/null
streams write order-9 Lost '{}' >/dev/null
"$LOGCTL" namespaces delete shop --confirm shop >/dev/null
expect_status 0 backup restore latest --confirm "$name" -o json
is .rows $((records + 2))
same "records after the restore" "" "$(diff "$WORK/before" <(rows_everywhere) | head -3)"
same "keys after the restore" "$KEY_ID" "$("$LOGCTL" keys list -o json | jq -r '.[].id')"
same "messages after the restore" "" "$(streams export | diff "$WORK/messages" - | head -3)"
expect_status 0 streams verify
# counts are no part of a backup of PostgreSQL: first the rows are counted, then upkeep has counted them
[ "$STORE" = sqlite ] || same "days with counts of their own" 0 "$(sql "SELECT count(*) FROM rollup_days")"
same "counts after the restore" "" "$(counts | diff "$WORK/counts" - | head -3)"
expect_status 0 "$LOGCTL" maintenance run --task upkeep
same "counts after upkeep" "" "$(counts | diff "$WORK/counts" - | head -3)"
[ "$STORE" = sqlite ] || same "days that upkeep left uncounted" 0 "$(sql "SELECT count(*) FROM pg_inherits WHERE inhparent = 'logs'::regclass AND inhrelid NOT IN (SELECT partition FROM rollup_days)")"
same "positions go on" '2 5' "$(streams write order-1 Placed '{}' -o json | jq -r '"\(.position) \(.globalPosition)"')"
reconciled
# the chain goes on where it was
create
[ "$STORE" = sqlite ] || is .days_reused 4

# --until leaves out what was received later, and the books still close
until=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ | cut -c1-26)Z
"$GENERATE" ndjson 500 1000 later 20000000 | "$LOGCTL" ingest - -q >/dev/null
echo '{"message":"also late","event_id":"late2","timestamp":"2025-01-01T13:00:00Z"}' | "$LOGCTL" ingest - -q >/dev/null
create
is .rows $((records + 2 + 501))
expect_status 2 backup restore latest --confirm "$name" --until 2100-01-01T00:00:00Z
expect_status 0 backup restore latest --confirm "$name" --until "$until" -o json
is .left_out 501
same "records up to then" "" "$(diff "$WORK/before" <(rows_everywhere) | head -3)"
reconciled

# who may not make a scratch database is told what to do
if [ "$STORE" = postgres ]; then
  sql "DROP ROLE IF EXISTS small; CREATE ROLE small LOGIN"
  LOGCTL_DATABASE_URL=${LOGCTL_DATABASE_URL/postgres@/small@} expect_status 4 backup drill
  said "CREATEDB"
fi

# one at a time
exec {held}>>"$LOGCTL_BACKUP_DIR/lock"
flock "$held"
expect_status 6 backup create
said "in use by"
flock -u "$held"

# of a store that a newer logctl has been at, nothing is saved that this one could not restore
ledger() {
  if [ "$STORE" = sqlite ]; then sqlite3 -cmd '.timeout 5000' "$LOGCTL_STORAGE_DATA_DIR/meta.sqlite" "$1"; else sql "$1"; fi
}
ledger "UPDATE schema_migrations SET version = version + 100 WHERE version = (SELECT max(version) FROM schema_migrations)"
expect_status 7 backup create
said "this binary knows versions up to"
ledger "UPDATE schema_migrations SET version = version - 100 WHERE version > 100"

# made by root in the directory of another account: that account can go on with them
if [ "$(id -u)" = 0 ]; then
  mkdir "$WORK/account"
  chown nobody "$WORK/account"
  LOGCTL_BACKUP_DIR=$WORK/account/backups create
  LOGCTL_BACKUP_DIR=$WORK/account/backups expect_status 0 backup drill
  same "what still belongs to root" "" "$(find "$WORK/account" -user root)"
fi

# encrypted: checked without the key, read only with it
(umask 077 && head -c 32 /dev/urandom | base64 >"$WORK/key" && head -c 32 /dev/urandom >"$WORK/key2")
export LOGCTL_BACKUP_DIR=$WORK/secret
LOGCTL_BACKUP_KEY_FILE=$WORK/key create
is .encrypted true
LOGCTL_BACKUP_KEY_FILE=$WORK/key create
[ "$STORE" = sqlite ] || is .days_reused 4
expect_status 0 backup verify
expect_status 78 backup drill
said "encrypted with key"
LOGCTL_BACKUP_KEY_FILE=$WORK/key2 expect_status 78 backup drill
LOGCTL_BACKUP_KEY_FILE=$WORK/key expect_status 0 backup drill
same "what zstd can read" "" "$(find "$LOGCTL_BACKUP_DIR" -name '*.zst.enc' -exec zstd -qt {} \; -print 2>/dev/null)"
# who has no key cannot write a manifest that its holder takes
manifest=$(ls -d "$LOGCTL_BACKUP_DIR"/backups/* | tail -1)/manifest.json
sed -i 's/"type":"[a-z]*"/"type":"forged"/' "$manifest"
(cd "$(dirname "$manifest")" && sha256sum manifest.json manifest.mac >manifest.sha256)
expect_status 0 backup verify latest
LOGCTL_BACKUP_KEY_FILE=$WORK/key expect_status 7 backup verify latest
chmod 644 "$WORK/key"
LOGCTL_BACKUP_KEY_FILE=$WORK/key expect_status 78 backup create
said "chmod 600"

# a full disk costs the new backup, not the old ones
disk=$WORK/disk
mkdir "$disk"
if [ "$(id -u)" != 0 ] || ! mount -t tmpfs -o size=48m logctl-test "$disk" 2>"$WORK/mount.log"; then
  echo "backup on $STORE: $CHECKS checks passed. The full disk was not tried: no tmpfs can be mounted here $(cat "$WORK/mount.log" 2>/dev/null)"
  exit 0
fi
trap 'status=$?; umount -l "$disk"; (exit $status); finish' EXIT
export LOGCTL_BACKUP_DIR=$disk/backups
create
kept=$(jq -r .id "$WORK/out")
head -c $(($(stat -f -c '%a * %S' "$disk") - 200000)) /dev/zero >"$disk/filler"
expect_status 75 backup create --type full
said "--skip-space-check"
expect_status 75 backup create --type full --skip-space-check
said "disk is full\|No space left on device"
same "backups on the full disk" "$kept" "$(ls "$LOGCTL_BACKUP_DIR/backups")"
same "what is left of the failed one" "" "$(ls "$LOGCTL_BACKUP_DIR/incoming")"
rm "$disk/filler"
expect_status 0 backup verify
create --type full
expect_status 0 backup drill
echo "backup on $STORE: $CHECKS checks passed"
