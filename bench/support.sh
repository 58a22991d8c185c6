# Sourced by run.sh: results, data, stores, and one daemon at a time. Expects build, here, records and json.
logctl=$build/logctl
generate=$build/bench/logctl-generate
load=$build/bench/logctl-load
ask=$build/bench/logctl-ask
visible=$build/bench/logctl-visible
followers_tool=$build/bench/logctl-followers
parse_reference=$build/bench/logctl-parse-reference

work=$(mktemp -d "${TMPDIR:-/tmp}/logctl-bench.XXXXXX")
daemon=
port=
stop_daemon() {
  [ -z "$daemon" ] || { kill -TERM "$daemon" 2>/dev/null && wait "$daemon" || true; }
  daemon=
}
trap 'stop_daemon; rm -rf "$work"' EXIT
export LOGCTL_CONFIG=$work/empty.yaml
: >"$LOGCTL_CONFIG"

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "$0: '$tool' is missing (scripts/install-deps.sh bench)" >&2; exit 1; }
  done
}
need jq curl

results=()
# result NAME FIGURE REFERENCE|null UNIT
result() {
  local ratio=null
  [ "$3" = null ] || ratio=$(awk "BEGIN { printf \"%.2f\", $2 / $3 }")
  results+=("$(jq -nc --arg name "$1" --argjson figure "$2" --argjson reference "$3" --argjson ratio "$ratio" --arg unit "$4" \
    '{name: $name, figure: $figure, reference: $reference, ratio: $ratio, unit: $unit}')")
  [ "$json" = yes ] || printf '%-60s %12s %12s %8s  %s\n' "$1" "$(rounded "$2")" "$(rounded "$3")" "${ratio/null/-}" "$4"
}
rounded() { awk -v n="$1" 'BEGIN { if (n == "null") print "-"; else printf n < 10 ? "%.2f" : n < 1000 ? "%.1f" : "%.0f", n }'; }
note() { [ "$json" = yes ] || echo "$*"; }

# seconds COMMAND...: how long it took
seconds() {
  local begin
  begin=$(now)
  "$@" >"$work/out" 2>"$work/err" || { cat "$work/err" >&2; return 1; }
  since "$begin"
}
now() { date +%s.%N; }
since() { awk "BEGIN { print $(now) - $1 }"; }
# rate SECONDS [RECORDS]
rate() { awk "BEGIN { printf \"%.0f\", ${2:-$records} / $1 }"; }

data() { [ -f "$work/data.$1" ] || "$generate" "$1" "$records" >"$work/data.$1"; }

new_database() {
  local name=bench_$1_$$
  psql -qX "$LOGCTL_TEST_POSTGRES" -c "CREATE DATABASE $name"
  export LOGCTL_DATABASE_URL=${LOGCTL_TEST_POSTGRES%/*}/$name LOGCTL_STORAGE_DATA_DIR=$work/$1
  "$logctl" migrate up >/dev/null 2>&1
}
new_directory() { export LOGCTL_STORAGE_DATA_DIR=$work/$1; }

# The throw-away server: postgres_server start|stop
postgres_server() {
  local run
  read -ra run <<<"${LOGCTL_TEST_PGRUN:-}"
  (cd / && "${run[@]}" "$LOGCTL_TEST_PGBIN/pg_ctl" -D "$LOGCTL_TEST_PGDATA" -l "$LOGCTL_TEST_PGDATA/server.log" -m fast -w "$1") >/dev/null
}

# start_daemon [logctl serve arguments]: sets daemon and port
start_daemon() {
  : >"$work/daemon.log"
  "$logctl" serve --set server.host=127.0.0.1 --set server.port=0 --set log.access=false "$@" 2>"$work/daemon.log" &
  daemon=$!
  port=
  local _
  for _ in $(seq 400); do
    port=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/daemon.log" | head -1 | grep -o '[0-9]*$' || true)
    [ -n "$port" ] && return
    kill -0 "$daemon" 2>/dev/null || break
    sleep 0.05
  done
  cat "$work/daemon.log" >&2
  return 1
}
make_key() { "$logctl" keys create --name bench --rps 1000000 --burst 1000000 -o json | jq -r .key; }

# memory VmRSS|VmHWM: of the daemon, in MiB
memory() { awk -v what="$1:" '$1 == what { printf "%.1f", $2 / 1024 }' "/proc/$daemon/status"; }

# send KEY [logctl-load arguments]: batches of 1000; what came of it lies in $work/load.json
send() {
  local key=$1
  shift
  "$load" --port "$port" --key "$key" --records "$records" --batch 1000 --connections 4 --step 1000 --retry "$@" >"$work/load.json" ||
    { cat "$work/load.json" >&2; return 1; }
}

# Waits, inside the server, until the daemon's transactions have stored so many records.
until_stored() {
  psql -qX "$LOGCTL_DATABASE_URL" -v ON_ERROR_STOP=1 <<SQL
SET statement_timeout = '120s';
DO \$\$ BEGIN
  LOOP
    EXIT WHEN (SELECT coalesce(sum(n), 0) FROM accounting WHERE what = 'stored') >= $1;
    PERFORM pg_sleep(0.01);
  END LOOP;
END \$\$;
SQL
}

# HTTP batches of 1000 -> rows in PostgreSQL, records/s; measured once in a run.
sustained_rate() {
  if [ ! -f "$work/sustained_rate" ]; then
    new_database sustained
    start_daemon
    send "$(make_key)" --prepare
    until_stored "$records"
    rate "$(since "$(jq .begin "$work/load.json")")" >"$work/sustained_rate"
    stop_daemon
  fi
}
