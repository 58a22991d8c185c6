#!/bin/bash
# One request whose records lie on a thousand days, for a PostgreSQL that has few locks to give: acknowledged, stored, once.
# Usage: with_postgres.sh many_days.sh
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store postgres
# Without fsync, because a thousand partitions are to be made in little time.
psql -qX "$LOGCTL_TEST_POSTGRES" -c 'ALTER SYSTEM SET max_locks_per_transaction = 10' \
  -c 'ALTER SYSTEM SET max_connections = 30' -c 'ALTER SYSTEM SET fsync = off'
stop_server
start_server
start_daemon
make_key
BATCH=$WORK/batch.json
"$GENERATE" ndjson 1000 1000 days |
  jq -cs '{logs: [to_entries[] | .value + {timestamp: (1600000000 + .key * 86400 | todate)}]}' >"$BATCH"
request POST /api/v1/batch-ingest -d "@$BATCH"
expect 201 .data.logs_processed 1000

# Looking at all of them at once would take more locks than there are: the books, then each partition by itself.
ask() { psql -qXAt "$LOGCTL_DATABASE_URL" "$@"; }
booked() { ask -c "SELECT coalesce(sum(n), 0) FROM accounting WHERE what = '$1'"; }
all_booked() {
  sleep 0.2
  [ "$(booked received)" = 1000 ]
}
until_true 100 all_booked || fail "$(booked received) of 1000 records drained: $("$LOGCTL" spool status -o json)"
same "stored" 1000 "$(booked stored)"
same "rows" 1000 "$(echo "SELECT format('SELECT count(*) FROM %s', inhrelid::regclass) FROM pg_inherits
  WHERE inhparent = 'logs'::regclass AND inhrelid::regclass::text ~ '_20(20|21|22|23)' \gexec" | ask | awk '{ sum += $1 } END { print sum }')"

# Known, each of them.
request POST /api/v1/batch-ingest -d "@$BATCH"
expect 201 .data.duplicates 1000
stop_daemon
echo "many days: 1000 records of 1000 days stored with few locks"
