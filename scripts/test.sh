#!/bin/bash
# The whole test suite from a bare machine: installs what is missing, builds, runs everything through ctest on
# throw-away servers, then the unit, conformance and integration tests again under the address and
# undefined-behaviour sanitizers. Leaves with 0 only when all of it passed.
# Usage: scripts/test.sh [--fast]     --fast leaves out the sanitizer run
set -euo pipefail
cd "$(dirname "$0")/.."

fast=no
for argument in "$@"; do
  case "$argument" in
    --fast) fast=yes ;;
    *) echo "usage: $0 [--fast]" >&2; exit 2 ;;
  esac
done

export LC_ALL=C.UTF-8
scripts/install-deps.sh test

step() { printf '\n== %s\n' "$*"; }

status=0
passed=0
failed=0
skipped=0
failures=""
# run PRESET ARGUMENT...: ctest. What failed is told again at the end, where it is looked for.
run() {
  local out=build/$1/ctest.out bad=1 all=1 skip told
  ctest --preset "$1" --parallel 2 "${@:2}" | tee "$out" || status=$?
  read -r bad all < <(sed -n 's/.* tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$out") || true
  skip=$(grep -c '\*\*\*Skipped' "$out" || true)
  passed=$((passed + all - bad - skip))
  failed=$((failed + bad))
  skipped=$((skipped + skip))
  told=$(awk '/^ *[0-9]+\/[0-9]+ Test +#/ || /^ +Start +[0-9]+:/ || /^ *[0-9]+% tests passed/ { show = /\*\*\*(Failed|Timeout|Exception|Not Run)/ } show' "$out")
  [ -z "$told" ] || failures+=$(printf '\n== failed (preset %s)\n%s' "$1" "$told")$'\n'
}

step "build (preset dev)"
cmake --preset dev >/dev/null
cmake --build --preset dev

step "tests (preset dev)"
run dev

if [ "$fast" = no ]; then
  step "build (preset asan)"
  cmake --preset asan >/dev/null
  cmake --build --preset asan
  step "tests under the address and undefined-behaviour sanitizers"
  # A hypertable changes statements, not what runs here: that was seen above.
  run asan --label-regex 'unit|conformance|integration|cli' --exclude-regex timescale
fi
printf '%s\n%s skipped\n%s passed, %s failed\n' "$failures" "$skipped" "$passed" "$failed"
exit "$status"
