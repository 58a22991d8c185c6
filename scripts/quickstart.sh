#!/bin/bash
# From a bare checkout to a running logctl with records in it.
# Usage: scripts/quickstart.sh [--once] [--port N]
#   --once   stop the daemon at the end and leave with 0, instead of staying in the foreground
#   --port N listen there (default: 8080, or a free port when that is taken)
set -euo pipefail
cd "$(dirname "$0")/.."

once=no
port=
while [ $# -gt 0 ]; do
  case "$1" in
    --once) once=yes ;;
    --port) port=${2:?--port needs a number}; shift ;;
    *) echo "usage: $0 [--once] [--port N]" >&2; exit 2 ;;
  esac
  shift
done

say() { printf '\n== %s\n' "$*"; }

say "1/6 Installing what is missing"
scripts/install-deps.sh build
echo "everything is there"

say "2/6 Building (the first time takes some minutes)"
cmake --preset release >/dev/null
cmake --build --preset release
logctl=$PWD/build/release/logctl

work=$(mktemp -d "${TMPDIR:-/tmp}/logctl-quickstart.XXXXXX")
daemon=
cleanup() {
  if [ -n "$daemon" ] && kill -0 "$daemon" 2>/dev/null; then
    kill -TERM "$daemon"
    wait "$daemon" || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export LOGCTL_STORAGE_DATA_DIR=$work/data
if [ -z "$port" ]; then
  port=8080
  if (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; then port=0; fi
fi

say "3/6 Starting the daemon on an embedded SQLite store in $work/data"
"$logctl" serve --set server.host=127.0.0.1 --set "server.port=$port" 2>"$work/daemon.log" &
daemon=$!
url=
for _ in $(seq 200); do
  url=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/daemon.log" | head -1 || true)
  [ -n "$url" ] && break
  kill -0 "$daemon" 2>/dev/null || { cat "$work/daemon.log" >&2; exit 1; }
  sleep 0.05
done
[ -n "$url" ] || { echo "the daemon did not start:" >&2; cat "$work/daemon.log" >&2; exit 1; }
"$logctl" health --url "$url"

say "4/6 Creating a key"
key=$("$logctl" keys create --name quickstart --scopes ingest,read -o plain)
echo "key: $key"

say "5/6 Ingesting examples/sample.jsonl: its events through HTTP, then the whole file through 'logctl ingest'"
jq -cs '{logs: map(select(.event_type))}' examples/sample.jsonl |
  curl -sS --fail-with-body -H "Authorization: Bearer $key" -H 'Content-Type: application/json' --data-binary @- \
    "$url/api/v1/batch-ingest" | jq -c .
"$logctl" ingest examples/sample.jsonl -o json | jq -c .
echo "(what came through HTTP was recognised in the file: duplicates)"

say "6/6 What is stored"
"$logctl" query --limit 10 -o table
curl -sS --fail-with-body -H "Authorization: Bearer $key" "$url/api/v1/status" |
  jq '.data | {rows: .database.total_logs, daemon: {received, stored, duplicate, rejected}}'

say "Go on with:"
cat <<LINES
curl -s -H 'Authorization: Bearer $key' '$url/api/v1/logs/recent?limit=5' | jq .
curl -s -H 'Authorization: Bearer $key' -H 'Content-Type: application/json' -d '{"event_id":"hello-1","event_type":"behavioral","event_name":"hello"}' $url/api/v1/ingest
LINES

if [ "$once" = yes ]; then
  kill -TERM "$daemon"
  wait "$daemon"
  daemon=
  say "stopped"
  exit 0
fi
say "The daemon runs until Ctrl-C; its log follows. The data goes away with it."
tail -n +1 -f "$work/daemon.log" --pid="$daemon" &
wait "$daemon" || true
