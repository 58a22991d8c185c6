# From the answer to a record until a query finds it, on PostgreSQL, at half of what the database sustains.
visible() {
  sustained_rate
  new_database visible
  start_daemon
  local key background
  key=$(make_key)
  send "$key" --rate "$(($(cat "$work/sustained_rate") / 2000))" &  # batches of 1000
  background=$!
  "$visible" "$port" "$key" 200 >"$work/visible.json"
  wait "$background"
  result "acknowledged -> visible, PostgreSQL, p50" "$(jq .p50_ms "$work/visible.json")" null ms
  result "acknowledged -> visible, PostgreSQL, p99" "$(jq .p99_ms "$work/visible.json")" null ms
}
