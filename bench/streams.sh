#!/bin/bash
# Measures streams beside pgbench, in one run, on one machine: writes of one client and of 64, reads of 1000, how soon a
# subscriber hears of a message. Usage: bench/streams.sh [--seconds N] [--json] [sqlite|postgres...]
#   --seconds N  how long each load lasts (default 8)
# Everything goes through HTTP, with a token, every write answered after its commit with fsync on. The reference of a write is
# pgbench doing the bare INSERT of the same row, one commit each, as many clients, into a table like the store's own with all
# of its indexes, on the same server; on SQLite too, because the same messages would otherwise go there. 64 clients are also
# set beside pgbench with one, which has each commit wait for its own fsync. That of a read is pgbench selecting the same rows.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
seconds=8
json=no
stores=()
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=${2:?--seconds needs a number}; shift ;;
    --json) json=yes ;;
    sqlite | postgres) stores+=("$1") ;;
    *) echo "usage: $0 [--seconds N] [--json] [sqlite|postgres...]" >&2; [ "$1" = --help ] && exit 0 || exit 2 ;;
  esac
  shift
done
[ ${#stores[@]} -gt 0 ] || stores=(sqlite postgres)

build=${BENCH_BUILD:-$here/build/release}
for tool in logctl bench/logctl-messages; do
  [ -x "$build/$tool" ] && continue
  cmake --preset release >/dev/null
  cmake --build --preset release -t logctl logctl-messages >&2
  break
done
if [ -z "${LOGCTL_TEST_PGDATA:-}" ]; then
  arguments=(--seconds "$seconds")
  [ "$json" = yes ] && arguments+=(--json)
  exec "$here/tests/support/with_postgres.sh" "$here/bench/streams.sh" "${arguments[@]}" "${stores[@]}"
fi
. "$here/bench/support.sh"
messages=$build/bench/logctl-messages

# The table that pgbench writes: the store's own, without its neighbours.
new_database streams
reference_database=$LOGCTL_DATABASE_URL
data='{"order":17,"customer":"customer-17","currency":"EUR","total":17.17,"items":[{"sku":"A-17","count":4},{"sku":"B-17","count":1}],"note":"leave it at the door"}'
metadata='{"correlationStreamName":"checkout-17","causation":17}'
psql -qX "$reference_database" <<SQL
CREATE TABLE reference (LIKE stored_messages INCLUDING ALL);
CREATE SEQUENCE reference_position CACHE 1;
SQL
cat >"$work/insert.sql" <<SQL
INSERT INTO reference (ns, global_position, stream, position, category, time, id, type, correlation, metadata, data)
SELECT 1, n, 1 + n % 64, n, 1, 1768000000000000000 + n, ('0198c2a0-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  'OrderPlaced', 'checkout', '$metadata', '$data'
FROM nextval('reference_position') AS n;
SQL
cat >"$work/select.sql" <<SQL
SELECT id, type, position, global_position, data, metadata, time FROM reference WHERE ns = 1 AND global_position > 0
ORDER BY global_position LIMIT 1000;
SQL
# pg_bench CLIENTS SCRIPT: transactions per second
pg_bench() {
  "$LOGCTL_TEST_PGBIN/pgbench" -n -c "$1" -j 1 -T "$seconds" -M prepared -f "$work/$2.sql" "$reference_database" 2>/dev/null |
    awk '/^tps/ { print $3 }'
}
insert_1=$(pg_bench 1 insert)
insert_64=$(pg_bench 64 insert)
select_1=$(awk "BEGIN { print 1000 * $(pg_bench 1 select) }")

# client MODE [logctl-messages arguments]: what it measured lies in $work/out.json
client() {
  "$messages" "$1" --port "$port" --token "$token" --seconds "$seconds" "${@:2}" >"$work/out.json" ||
    { cat "$work/out.json" >&2; return 1; }
}
figure() { jq "$1" "$work/out.json"; }

[ "$json" = yes ] || printf '%-60s %12s %12s %8s\n' case logctl reference ratio
for store in "${stores[@]}"; do
  unset LOGCTL_DATABASE_URL LOGCTL_STORAGE_DATA_DIR
  if [ "$store" = sqlite ]; then
    new_directory streams-sqlite
    name=SQLite
  else
    new_database streams_measured
    name=PostgreSQL
  fi
  token=$("$logctl" namespaces create default)
  start_daemon --set messages.rps=0
  client write --connections 1
  result "write, 1 client, $name / pgbench" "$(figure .messages_per_second)" "$insert_1" messages/s
  result "write, 1 client, $name, p99" "$(figure .p99_ms)" null ms
  client write --connections 64
  result "write, 64 clients, $name / pgbench" "$(figure .messages_per_second)" "$insert_64" messages/s
  result "write, 64 clients, $name / pgbench with 1" "$(figure .messages_per_second)" "$insert_1" messages/s
  result "write, 64 clients, $name, p50" "$(figure .p50_ms)" null ms
  result "write, 64 clients, $name, p99" "$(figure .p99_ms)" null ms
  client read --name order-0x0 --number 1000
  result "stream.get of 1000, $name / pgbench" "$(figure .messages_per_second)" "$select_1" messages/s
  client category --name order --number 1000
  result "category.get of 1000, $name / pgbench" "$(figure .messages_per_second)" "$select_1" messages/s
  client poke --number 500
  result "poke after the write's answer, $name, p50" "$(figure .p50_ms)" null ms
  result "poke after the write's answer, $name, p99" "$(figure .p99_ms)" null ms
  stop_daemon
done
[ "$json" = no ] || printf '%s\n' "${results[@]}" | jq -sc '{cases: .}'
