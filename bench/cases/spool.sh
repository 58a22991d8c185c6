# The durable queue: how fast it takes batches, and what happens when the database was away.

# away KEY: the daemon knows the key, then the server stops
away() {
  send "$1" --records 1000 --run warm
  until_stored 1000
  postgres_server stop
}

# Batches into the fsynced spool while the database is away, beside one thread that only parses them.
http_spool() {
  new_database spool
  start_daemon
  local key reference
  key=$(make_key)
  reference=$("$parse_reference" "$records" 1000)
  away "$key"
  send "$key" --prepare
  postgres_server start
  local figure
  for figure in megabytes:MB/s records:records/s; do
    result "HTTP batches of 1000 -> spool / simdjson, ${figure%%:*}" "$(jq ".${figure%%:*}_per_second" "$work/load.json")" \
      "$(jq ".${figure%%:*}_per_second" <<<"$reference")" "${figure#*:}"
  done
}

# What piled up while the database was away, beside the same load with the database there; one connection, so that
# the order of the records is known.
outage() {
  sustained_rate
  new_database outage
  start_daemon
  local key before begin first
  key=$(make_key)
  away "$key"
  send "$key" --connections 1
  before=$(memory VmRSS)
  echo 5 >"/proc/$daemon/clear_refs"  # the highest memory counts from here
  postgres_server start
  until_stored 1001  # the drainer tries now and then
  begin=$(now)
  first=$(psql -qXAt "$LOGCTL_DATABASE_URL" -c "SELECT sum(n) FROM accounting WHERE what = 'stored'")
  until_stored $((records + 1000))
  result "drain after an outage / HTTP -> PostgreSQL" "$(rate "$(since "$begin")" $((records + 1000 - first)))" \
    "$(cat "$work/sustained_rate")" records/s
  result "memory while draining / before" "$(memory VmHWM)" "$before" MiB
  result "records out of order after an outage" "$(psql -qXAt "$LOGCTL_DATABASE_URL" -c "SELECT count(*) FROM
    (SELECT event_id, lag(event_id) OVER (ORDER BY tableoid, ctid) AS before FROM logs WHERE event_id LIKE 'load-%') AS rows
    WHERE event_id < before")" null records
}
