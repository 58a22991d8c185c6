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

step "build (preset dev)"
cmake --preset dev >/dev/null
cmake --build --preset dev

status=0
step "tests (preset dev)"
ctest --preset dev --parallel 2 || status=$?

if [ "$fast" = no ]; then
  step "build (preset asan)"
  cmake --preset asan >/dev/null
  cmake --build --preset asan
  step "tests under the address and undefined-behaviour sanitizers"
  # A hypertable changes statements, not what runs here: that was seen above.
  ctest --preset asan --parallel 2 --label-regex 'unit|conformance|integration|cli' --exclude-regex timescale || status=$?
fi
exit "$status"
