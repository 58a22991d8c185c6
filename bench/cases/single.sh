# One record per request over 64 connections, each answered after its fsync, beside nginx answering 204 to the same.

# single_load PORT KEY: what wrk prints lies in $work/single.out
single_load() {
  cat >"$work/single.lua" <<LUA
local n = 0
local thread_number = 0
function setup(thread) thread:set("id", thread_number); thread_number = thread_number + 1 end
function request()
  n = n + 1
  return wrk.format("POST", "/api/v1/ingest",
    {["Authorization"] = "Bearer $2", ["Content-Type"] = "application/json"},
    string.format('{"event_id":"s%d-%d","timestamp":"2025-01-01T00:00:00Z","event_type":"behavioral","event_name":"habit_completed","user_id":"user-123","session_id":"session-456","app_version":"1.0.0","properties":{"habit_id":"123","streak":5},"priority":"normal"}', id, n))
end
LUA
  wrk -t1 -c64 -d5s --latency -s "$work/single.lua" "http://127.0.0.1:$1" >"$work/single.out"
  ! grep -q 'Non-2xx' "$work/single.out" || { cat "$work/single.out" >&2; return 1; }
}
requests_per_second() { awk '/Requests\/sec/ { print $2 }' "$work/single.out"; }
# percentile 50|99: in ms
percentile() {
  awk -v row="$1%" '$1 == row { n = $2 + 0; if ($2 ~ /us$/) n /= 1000; else if ($2 !~ /ms$/) n *= 1000; printf "%.2f", n }' "$work/single.out"
}

nginx_reference() {
  [ ! -f "$work/nginx_rate" ] || return 0
  need nginx wrk
  mkdir -p "$work/nginx"
  local free=$((30000 + RANDOM % 10000)) nginx _
  cat >"$work/nginx.conf" <<CONF
worker_processes 1;
daemon off;
pid $work/nginx/pid;
error_log $work/nginx/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $work/nginx/b; proxy_temp_path $work/nginx/p; fastcgi_temp_path $work/nginx/f;
  uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
  keepalive_requests 1000000;
  server { listen 127.0.0.1:$free; location / { return 204; } }
}
CONF
  nginx -c "$work/nginx.conf" 2>/dev/null &
  nginx=$!
  for _ in $(seq 100); do curl -s -o /dev/null "http://127.0.0.1:$free/" && break; sleep 0.05; done
  single_load "$free" none
  requests_per_second >"$work/nginx_rate"
  kill "$nginx" && wait "$nginx" 2>/dev/null || true
}

# single NAME
single() {
  nginx_reference
  start_daemon
  single_load "$port" "$(make_key)"
  result "single POST, $1 / nginx return 204" "$(requests_per_second)" "$(cat "$work/nginx_rate")" requests/s
  result "single POST, $1, p50" "$(percentile 50)" null ms
  result "single POST, $1, p99" "$(percentile 99)" null ms
}

single_sqlite() {
  new_directory single-sqlite
  single "stored, SQLite"
}

single_postgres() {
  new_database single
  single "spooled, PostgreSQL"
}
