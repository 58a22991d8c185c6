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
holds() {
  mandoc -T ascii "$made/man/$1" | col -b >"$made/text"
  grep -qF -- "$2" "$made/text" || { echo "$1 lacks $2"; exit 1; }
}
holds logctl.1 logctl-keys
holds logctl-keys.1 "logctl keys create --name NAME"
holds logctl-config.5 LOGCTL_SERVER_PORT
holds logctl-spool.5 spool.fsync
holds logctl-http.7 "POST /api/v1/ingest [logs]"
echo "${#files[@]} files are up to date"
