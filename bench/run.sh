#!/bin/bash
# Measures logctl beside the reference tools, in one run on one machine, with real servers and generated data.
# Usage: bench/run.sh [--records N] [--growth N] [--backup N] [--json] [CASE...]
#   --records N  records of a load (default 500000); --growth N  rows stored before growth is measured (default 2000000)
#   --backup N   records of thirty days that are backed up (default 2000000)
#   CASE: a function of bench/cases/*.sh with - for _ (default: all; bench/run.sh --help lists them)
# A case without a reference tool has the reference null. The binary is build/release/logctl, built when missing;
# reference tools: psql, sqlite3, nginx with wrk, simdjson.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD

all=(file-postgres http-postgres file-sqlite http-sqlite http-spool single-sqlite single-postgres visible
  memory-sqlite memory-postgres start growth-sqlite growth-postgres backup-sqlite backup-postgres outage tail-none tail-few tail-distinct tail-all)
without_postgres=(file-sqlite http-sqlite single-sqlite memory-sqlite start growth-sqlite backup-sqlite tail-none tail-few tail-distinct tail-all)

records=500000
growth=2000000
backup=2000000
json=no
cases=()
usage() { echo "usage: $0 [--records N] [--growth N] [--backup N] [--json] [CASE...]; cases: ${all[*]}"; }
while [ $# -gt 0 ]; do
  case "$1" in
    --records) records=${2:?--records needs a number}; shift ;;
    --growth) growth=${2:?--growth needs a number}; shift ;;
    --backup) backup=${2:?--backup needs a number}; shift ;;
    --json) json=yes ;;
    --help) usage; exit 0 ;;
    *) [[ " ${all[*]} " == *" $1 "* ]] || { usage >&2; exit 2; }
       cases+=("$1") ;;
  esac
  shift
done
[ ${#cases[@]} -gt 0 ] || cases=("${all[@]}")

build=${BENCH_BUILD:-$here/build/release}
for tool in logctl bench/logctl-load bench/logctl-visible bench/logctl-followers bench/logctl-parse-reference; do
  [ -x "$build/$tool" ] && continue
  cmake --preset release >/dev/null
  cmake --build --preset release >&2
  break
done

needs_postgres() {
  local case
  for case in "${cases[@]}"; do [[ " ${without_postgres[*]} " == *" $case "* ]] || return 0; done
  return 1
}
# PostgreSQL cases run inside the throw-away server of the tests, which they may stop and start.
if [ -z "${LOGCTL_TEST_PGDATA:-}" ] && needs_postgres; then
  arguments=(--records "$records" --growth "$growth" --backup "$backup")
  [ "$json" = yes ] && arguments+=(--json)
  exec "$here/tests/support/with_postgres.sh" "$here/bench/run.sh" "${arguments[@]}" "${cases[@]}"
fi

. "$here/bench/support.sh"
for file in "$here"/bench/cases/*.sh; do . "$file"; done

note "$records records of about 580 bytes of JSON; $(nproc) cores"
[ "$json" = yes ] || printf '%-60s %12s %12s %8s\n' case logctl reference ratio
for case in "${cases[@]}"; do
  "${case//-/_}"
  stop_daemon
  unset LOGCTL_DATABASE_URL LOGCTL_STORAGE_DATA_DIR
done
[ "$json" = no ] || printf '%s\n' "${results[@]}" | jq -sc '{cases: .}'
