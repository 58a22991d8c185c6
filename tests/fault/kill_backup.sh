#!/bin/bash
# kill -9 of `logctl backup create` at random moments, while records come in: a backup that is listed always verifies, the
# next run cleans up, and in the end the newest one passes a drill.
# Usage: kill_backup.sh sqlite|postgres [--kills N] [--records N] [--seed N]
store=$1
shift
. "$(dirname "$0")/../support/daemon.sh"
: "${GENERATE:?path of the logctl-generate binary}"
kills=4 records=200000 seed=$RANDOM
while [ $# -gt 0 ]; do
  case "$1" in
    --kills) kills=$2 ;;
    --records) records=$2 ;;
    --seed) seed=$2 ;;
    *) echo "usage: $0 sqlite|postgres [--kills N] [--records N] [--seed N]" >&2; exit 2 ;;
  esac
  shift 2
done
RANDOM=$seed

use_store "$store"
export LOGCTL_BACKUP_DIR=$WORK/backups
"$GENERATE" ndjson "$records" $((20 * 86400 * 1000000 / records)) base | "$LOGCTL" ingest - -q >/dev/null

# How long one run takes, so that kills fall anywhere into it, its last moments among them.
now_ms() { echo $(($(date +%s%N) / 1000000)); }
begin=$(now_ms)
"$LOGCTL" backup create --type full -q >/dev/null
took_ms=$(($(now_ms) - begin))

killed=0
for ((n = 0; killed < kills && n < 4 * kills; n++)); do
  # New days and changed ones, so that there is work for an incremental run too.
  "$GENERATE" ndjson $((records / 20)) $((20 * 86400 * 1000000 / records)) "kill$n" $((n * records / 20)) | "$LOGCTL" ingest - -q >/dev/null
  type=$([ $((RANDOM % 3)) = 0 ] && echo incremental || echo full)
  begin=$(now_ms)
  { "$LOGCTL" backup create --type "$type" -q >/dev/null 2>"$WORK/err" && now_ms >"$WORK/ended"; } &
  run=$!
  after=$((RANDOM * took_ms * 5 / 4 / 32768))
  sleep "$((after / 1000)).$(printf %03d $((after % 1000)))"
  if pkill -9 -P "$run" -x logctl; then
    killed=$((killed + 1))
  elif [ "$type" = full ] && [ -s "$WORK/ended" ]; then
    took_ms=$(($(cat "$WORK/ended") - begin))  # there is more to save than in the beginning
  fi
  wait "$run" 2>/dev/null || true
  "$LOGCTL" backup verify -q >"$WORK/out" 2>&1 || fail "seed $seed, kill $n after $after ms: $(cat "$WORK/out")"
  CHECKS=$((CHECKS + 1))
done
[ "$killed" = "$kills" ] || fail "seed $seed: only $killed of $n runs were killed"
no_dump() { ! pgrep -f "pg_dump.*$LOGCTL_BACKUP_DIR" >/dev/null; }
until_true 20 no_dump || fail "pg_dump outlives the run that started it"

listed=$("$LOGCTL" backup list -o json | jq length)
"$LOGCTL" backup create -o json >"$WORK/out" || fail "seed $seed: the run after the kills failed"
same "backups" $((listed + 1)) "$("$LOGCTL" backup list -o json | jq length)"
same "what is left of killed runs" "" "$(ls "$LOGCTL_BACKUP_DIR/incoming")"
same "day files that no manifest names" "" "$(cd "$LOGCTL_BACKUP_DIR" && ls days/* |
  grep -vxF "$(jq -r '.partitions[].file.path // empty' backups/*/manifest.json)")"
"$LOGCTL" backup verify -q >"$WORK/out" || fail "seed $seed: $(cat "$WORK/out")"
"$LOGCTL" backup drill -o json >"$WORK/out" || fail "seed $seed: $(cat "$WORK/out")"
same "rows of the last backup" "$("$LOGCTL" status -o json | jq .stored)" "$(jq .rows "$WORK/out")"
echo "kill -9 of backup on $store: $killed kills of runs of $took_ms ms, $listed backups listed, each whole; seed $seed"
