#!/bin/bash
# One request whose records lie on a thousand days, for a PostgreSQL that has few locks to give: acknowledged, stored, once.
# Usage: with_postgres.sh many_days.sh
. "$(dirname "$0")/../support/daemon.sh"
. "$(dirname "$0")/../support/server.sh"
: "${GENERATE:?path of the logctl-generate binary}"

use_store postgres
psql -qX "$LOGCTL_TEST_POSTGRES" -c 'ALTER SYSTEM SET max_locks_per_transaction = 10' -c 'ALTER SYSTEM SET max_connections = 30'
stop_server
start_server
start_daemon
make_key
BATCH=$WORK/batch.json
"$GENERATE" ndjson 1000 1000 days |
  jq -cs '{logs: [to_entries[] | .value + {timestamp: (1600000000 + .key * 86400 | todate)}]}' >"$BATCH"
request POST /api/v1/batch-ingest -d "@$BATCH"
expect 201 .data.logs_processed 1000
drained() { request GET /api/v1/status && [ "$(answer .data.spool.bytes)" = 0 ]; }
until_true 60 drained || fail "not drained: $(cat "$BODY")"
request POST /api/v1/batch-ingest -d "@$BATCH"
expect 201 .data.duplicates 1000

# Counting all of them at once takes more locks than that.
psql -qX "$LOGCTL_TEST_POSTGRES" -c 'ALTER SYSTEM RESET ALL'
stop_server
start_server
all_in_store
reconciled
same "rows" 1000 "$(psql -qXAt "$LOGCTL_DATABASE_URL" -c 'SELECT count(*) FROM logs')"
stop_daemon
echo "many days: 1000 records of 1000 days stored with few locks"
