# 1000 live tails on one daemon while 20 000 records come in every second: what they get, what the daemon takes, and
# whether ingest keeps its rate. `same`: all follow one service; `distinct`: a question of its own for each.

# followed NAME [QUESTION]: twelve seconds of load, with 1000 tails when there is a question
followed() {
  local key followers=
  new_directory "tail-$1"
  start_daemon
  key=$(make_key)
  if [ $# -gt 1 ]; then
    "$followers_tool" "$port" "$key" 1000 16 "$2" >"$work/followers.json" &
    followers=$!
    sleep 2
  fi
  records=240000 send "$key" --rate 20 --connections 2
  [ -z "$followers" ] || wait "$followers"
  result "tail-$1: records taken in a second" "$(jq .records_per_second "$work/load.json")" null records/s
  if [ $# -gt 1 ]; then
    result "tail-$1: records sent to tails" "$(jq .records "$work/followers.json")" null records
    result "tail-$1: skipped, and told" "$(jq .skipped "$work/followers.json")" null records
    result "tail-$1: from receipt to the tail, p50" "$(jq .p50_ms "$work/followers.json")" null ms
    result "tail-$1: p99" "$(jq .p99_ms "$work/followers.json")" null ms
    result "tail-$1: difference between tails" "$(jq '.most - .least' "$work/followers.json")" null records
    result "tail-$1: connections lost" "$(jq .lost "$work/followers.json")" null connections
  fi
  result "tail-$1: highest memory" "$(memory VmHWM)" null MiB
  stop_daemon
}
tail_none() { followed none; }
tail_few() { followed few 'user_id:user-11*'; }
tail_distinct() { followed distinct 'user_id:user-@*'; }
tail_all() { followed all ''; }
