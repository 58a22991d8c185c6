#!/bin/bash
# Writes what is made from the program's own tables: completions/, man/, deploy/systemd/, examples/config.yaml.
# Usage: scripts/generate.sh [BINARY]     default: build/dev/logctl, built first
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${1:-}
if [ -z "$binary" ]; then
  cmake --preset dev >/dev/null
  cmake --build --preset dev --target logctl
  binary=build/dev/logctl
fi
# A page of a command that is gone must go too.
rm -f completions/* man/* deploy/systemd/*
"$binary" generate .
