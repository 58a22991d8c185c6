#!/bin/bash
# What is committed in completions/, man/, deploy/systemd/ and examples/ is what the binary makes today, and
# mandoc has nothing to say about the pages.
# Usage: generated.sh BINARY SOURCE_DIR
set -euo pipefail
binary=$1 source=$2
made=$(mktemp -d "${TMPDIR:-/tmp}/logctl-generated-XXXXXX")
trap 'rm -rf "$made"' EXIT

mapfile -t files < <("$binary" generate "$made")
[ "${#files[@]}" -gt 20 ] || { echo "only ${#files[@]} files were made"; exit 1; }
status=0
for place in completions man deploy/systemd examples/config.yaml; do
  diff -ru "$source/$place" "$made/$place" || status=1
done
[ "$status" = 0 ] || { echo "the files above are out of date: run scripts/generate.sh"; exit 1; }

# Pages may refer to each other only where they can be found.
for page in "$made"/man/*; do
  mkdir -p "$made/pages/man${page##*.}"
  cp "$page" "$made/pages/man${page##*.}/"
done
complaints=$(cd "$made/man" && MANPATH=$made/pages mandoc -T lint -W all -- * 2>&1) || true
[ -z "$complaints" ] || { echo "$complaints"; exit 1; }
# A page that says nothing would be clean as well.
for word in 'logctl keys create' --scopes ingest; do
  mandoc -T ascii "$made/man/logctl-keys.1" | col -b | grep -q -- "$word" || { echo "logctl-keys(1) lacks $word"; exit 1; }
done
mandoc -T ascii "$made/man/logctl-http.7" | col -b | grep -q '/api/v1/ingest' || { echo "logctl-http(7) lacks a path"; exit 1; }
mandoc -T ascii "$made/man/logctl-config.5" | col -b | grep -q 'LOGCTL_SERVER_PORT' || { echo "logctl-config(5) lacks a variable"; exit 1; }
echo "${#files[@]} files are up to date"
