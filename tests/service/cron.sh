#!/bin/bash
# Runs each line of deploy/cron/logctl as cron does, with a store that is well and with one that is not: what a job
# prints is mailed, so that the first must be silent and the second must not.
# Usage: cron.sh BINARY SOURCE_DIR
set -euo pipefail
binary=$(realpath "$1") file=$2/deploy/cron/logctl
work=$(mktemp -d "${TMPDIR:-/tmp}/logctl-cron-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$binary" "$work/bin/logctl"
printf 'storage:\n  data_dir: %s\nbackup:\n  keep_last: 1\n  keep_daily: 0\n  keep_weekly: 0\n  keep_monthly: 0\n' "$work/state" >"$work/config.yaml"
chmod 600 "$work/config.yaml"

as_cron() {
  (cd "$work" && env -i PATH="$work/bin:/usr/bin:/bin" HOME="$work" LOGCTL_CONFIG="$work/config.yaml" /bin/sh -c "$1" 2>&1 </dev/null) || true
}
fail() {
  echo "$*" >&2
  exit 1
}

# Jobs that are commented out as well.
mapfile -t jobs < <(sed -nE 's/^#?([0-9*\/]+ +){2}([0-9*]+ +){3}logctl +(logctl .*)$/\3/p' "$file")
[ "${#jobs[@]}" = 5 ] || fail "found ${#jobs[@]} jobs in $file, expected 5"

as_cron 'echo "{\"message\":\"m\"}" | logctl ingest - -q' >/dev/null
as_cron 'logctl backup create -q' >/dev/null
for job in "${jobs[@]}"; do
  said=$(as_cron "$job")
  [ -z "$said" ] || fail "all is well, yet '$job' says: $said"
done
left=$(as_cron 'logctl backup list -o plain' | wc -l)
[ "$left" = 1 ] || fail "$left backups after the jobs, expected the newest only"

echo 'not a database' >"$work/state/meta.sqlite"
rm -rf "$work/state/backups"
for job in "${jobs[@]}"; do
  said=$(as_cron "$job")
  [ -n "$said" ] || fail "the store is broken and the backups are gone, yet '$job' says nothing"
done
echo "${#jobs[@]} jobs"
