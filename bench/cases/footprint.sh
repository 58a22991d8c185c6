# What the daemon itself takes: memory, and time to be ready.

# memory_of NAME: idle, then the highest while batches and single records come in as fast as they are answered
memory_of() {
  need wrk
  start_daemon
  result "memory idle, $1" "$(memory VmRSS)" null MiB
  local key
  key=$(make_key)
  send "$key"
  single_load "$port" "$key"
  result "memory at full load, $1" "$(memory VmHWM)" null MiB
}
memory_sqlite() {
  new_directory memory-sqlite
  memory_of SQLite
}
memory_postgres() {
  new_database memory
  memory_of PostgreSQL
}

# From the start of the process to the notice that it serves, on a store that does not exist yet; the middle of five.
start_to_ready() {
  local begin line
  new_directory "start-$1"
  rm -f "$work/started"
  mkfifo "$work/started"
  begin=$(now)
  "$logctl" serve --set server.host=127.0.0.1 --set server.port=0 2>"$work/started" &
  daemon=$!
  exec {notices}<"$work/started"
  while read -r line <&"$notices"; do
    [[ "$line" != *listening* ]] || break
  done
  took=$(awk "BEGIN { print ($(now) - $begin) * 1000 }")
  port=$(grep -o '[0-9]*$' <<<"${line%%[^0-9]}")
  curl -sSf -o /dev/null "http://127.0.0.1:$port/health/ready"
  stop_daemon
  exec {notices}<&-
}
start() {
  local i took all=()
  for i in 1 2 3 4 5; do
    start_to_ready "$i"
    all+=("$took")
  done
  result "start to ready, empty store" "$(printf '%s\n' "${all[@]}" | sort -n | sed -n 3p)" null ms
}
