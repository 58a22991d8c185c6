# Sourced by the shell tests: a fresh store, a daemon on a free port, requests, and checks that say what they saw.
# Expects LOGCTL (the binary), and LOAD_CLIENT for load; for store "postgres" the variables of with_postgres.sh.
set -euo pipefail
: "${LOGCTL:?path of the logctl binary}"

WORK=$(mktemp -d "${TMPDIR:-/tmp}/logctl-it.XXXXXX")
DAEMON_PIDS=()
DAEMON_PID=
URL=
PORT=
KEY=
KEY_ID=
STATUS=
BODY=$WORK/body
HEADERS=$WORK/headers
CHECKS=0

finish() {
  local status=$? pid
  # shellcheck disable=SC2046  # one word for each job
  for pid in "${DAEMON_PIDS[@]}" $(jobs -p); do kill -9 "$pid" 2>/dev/null || true; done
  if declare -F at_finish >/dev/null; then at_finish || true; fi
  if [ "$status" != 0 ]; then
    echo "FAILED after $CHECKS checks; the daemon said:" >&2
    tail -n 40 "$WORK"/daemon*.log >&2 2>/dev/null || true
  fi
  rm -rf "$WORK"
  exit "$status"
}
trap finish EXIT

fail() {
  local text="$*"
  echo "not as expected: ${text:0:600}" >&2
  exit 1
}

# same WHAT EXPECTED FOUND
same() {
  CHECKS=$((CHECKS + 1))
  [ "$2" = "$3" ] || fail "$1: expected '$2', found '$3'"
}

# until_true SECONDS COMMAND...: waits for a condition
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.02
  done
}

# Makes an empty store of the kind and points the environment at it.
use_store() {
  export LOGCTL_CONFIG=$WORK/empty.yaml
  : >"$LOGCTL_CONFIG"
  export LOGCTL_STORAGE_DATA_DIR=$WORK/data
  case "$1" in
    sqlite) ;;
    postgres | timescale)
      local name
      name=it_$(basename "$WORK" | tr -dc a-z0-9)_$$
      psql -qX "$LOGCTL_TEST_POSTGRES" -c "CREATE DATABASE $name"
      export LOGCTL_DATABASE_URL=${LOGCTL_TEST_POSTGRES%/*}/$name
      export LOGCTL_STORAGE_PARTITIONING=${LOGCTL_TEST_PARTITIONING:-native}
      "$LOGCTL" migrate up >/dev/null ;;
    *) fail "no such store: $1" ;;
  esac
  STORE=${1/timescale/postgres}
}

log_has_address() { grep -qo 'http://127\.0\.0\.1:[0-9]*' "$1" 2>/dev/null; }
ended() { ! kill -0 "$1" 2>/dev/null; }

# start_daemon [logctl serve arguments]: sets DAEMON_PID, URL and PORT. A PORT given beforehand is used again.
start_daemon() {
  local log=$WORK/daemon.${#DAEMON_PIDS[@]}.log
  : >"$log" # what an earlier daemon left there is not its address
  "$LOGCTL" serve --set server.host=127.0.0.1 --set "server.port=${PORT:-0}" "$@" 2>"$log" &
  DAEMON_PID=$!
  DAEMON_PIDS+=("$DAEMON_PID")
  until_true 20 eval 'log_has_address "$log" || ended "$DAEMON_PID"' || fail "the daemon did not start"
  ended "$DAEMON_PID" && { cat "$log" >&2; fail "the daemon ended at once"; }
  URL=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$log" | head -1)
  PORT=${URL##*:}
}

# stop_daemon [PID]: asks it to end and checks that it leaves with 0
stop_daemon() {
  local pid=${1:-$DAEMON_PID} status=0
  kill -TERM "$pid"
  wait "$pid" || status=$?
  same "exit status of the daemon" 0 "$status"
}

# make_key [logctl keys create arguments]: sets KEY and KEY_ID
make_key() {
  "$LOGCTL" keys create --name test --rps 100000 --burst 100000 -o json "$@" >"$WORK/key.json"
  KEY=$(jq -r .key "$WORK/key.json")
  KEY_ID=$(jq -r .id "$WORK/key.json")
}

# request METHOD PATH [curl arguments]: sets STATUS, the answer lies in $BODY and $HEADERS
request() {
  local method=$1 path=$2
  shift 2
  : >"$BODY"
  STATUS=$(curl -sS --max-time 60 -o "$BODY" -D "$HEADERS" -w '%{http_code}' -X "$method" "$URL$path" \
    -H "Authorization: Bearer $KEY" -H "Content-Type: ${TYPE:-application/json}" "$@") || STATUS="curl-$?"
}

answer() { jq -r "$1" "$BODY"; }

# health_is FIELD WORD: the daemon looks at the store once a second, so this is to be waited for
health_is() { request GET /health && [ "$(answer "$1")" = "$2" ]; }

# Waits until nothing lies in the daemon's spool: the bytes are known at once, the records after they were counted.
nothing_spooled() { request GET /api/v1/status && [ "$(answer '.data.spooled + (.data.spool.bytes // 0)')" = 0 ]; }
all_in_store() { until_true 60 nothing_spooled || fail "the spool was not emptied: $(cat "$BODY")"; }

# expect STATUS [JQ EXPECTED]...: of the last request
expect() {
  CHECKS=$((CHECKS + 1))
  [ "$STATUS" = "$1" ] || fail "status $STATUS instead of $1: $(cat "$BODY")"
  shift
  while [ $# -gt 1 ]; do
    local found
    found=$(answer "$1") || fail "the answer is not JSON: $(cat "$BODY")"
    CHECKS=$((CHECKS + 1))
    [ "$found" = "$2" ] || fail "$1 is '$found' instead of '$2' in $(cat "$BODY")"
    shift 2
  done
}

# Rows of one tenant as the command line sees them, one id a line.
stored_ids() { "$LOGCTL" query --limit 0 -o jsonl "$@" | jq -r .event_id; }
