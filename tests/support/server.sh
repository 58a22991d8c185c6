# Sourced after daemon.sh by the fault tests: takes the PostgreSQL server of with_postgres.sh away and brings it back.
: "${LOGCTL_TEST_PGDATA:?run this below with_postgres.sh}"

pg_control() {
  # LOGCTL_TEST_PGRUN is a command with its arguments, or nothing.
  (cd / && $LOGCTL_TEST_PGRUN "$LOGCTL_TEST_PGBIN/pg_ctl" -D "$LOGCTL_TEST_PGDATA" "$@") >>"$WORK/pg_ctl.log" 2>&1
}
server_processes() {
  local postmaster
  postmaster=$(head -n 1 "$LOGCTL_TEST_PGDATA/postmaster.pid") || return 1
  echo "$postmaster"
  pgrep -P "$postmaster" || true
}
server_answers() { psql -qXAt "$LOGCTL_TEST_POSTGRES" -c 'SELECT 1' >/dev/null 2>&1; }

# Every process of the server at one moment, as a crash of the machine would.
kill_server() {
  local processes postmaster
  processes=$(server_processes)
  postmaster=${processes%%$'\n'*}
  kill -9 $processes 2>/dev/null || true
  until_true 20 ended "$postmaster" || fail "the server outlived kill -9"
}

# Refuses connections from now on, and cuts those that are there.
stop_server() { pg_control -m immediate -w -t 30 stop || fail "the server did not stop: $(tail -n 5 "$WORK/pg_ctl.log")"; }

# Processes that a kill left behind hold the shared memory for a moment: then it is tried again.
start_server() {
  until_true 60 pg_control -l "$LOGCTL_TEST_PGDATA/server.log" -w -t 30 start ||
    fail "the server did not start: $(tail -n 5 "$LOGCTL_TEST_PGDATA/server.log")"
  until_true 30 server_answers || fail "the server does not answer"
}

# Takes connections and says nothing.
freeze_server() { FROZEN=yes; kill -STOP $(server_processes); }
thaw_server() { FROZEN=; kill -CONT $(server_processes); }
# Nobody could stop a frozen server after a test that failed.
at_finish() { [ -z "${FROZEN:-}" ] || thaw_server; }

# resident [PID]: KiB of memory that the daemon uses now; peak: at most until now
resident() { awk '/^VmRSS:/ { print $2 }' "/proc/${1:-$DAEMON_PID}/status"; }
peak() { awk '/^VmHWM:/ { print $2 }' "/proc/${1:-$DAEMON_PID}/status"; }

# no_more WHAT LIMIT FOUND
no_more() {
  CHECKS=$((CHECKS + 1))
  [ "$3" -le "$2" ] || fail "$1: at most $2, found $3"
}

# only_answers REGEX FILE...: the statuses that logctl-load counted
only_answers() {
  local pattern=$1 others
  shift
  others=$(jq -r '.answers | to_entries[] | "\(.key) x \(.value)"' "$@" | grep -vE "^($pattern) x " || true)
  same "answers other than $pattern" "" "$others"
}

# Tenant and id of each row, sorted.
stored_rows() { psql -qXAt -F ' ' "$LOGCTL_DATABASE_URL" -c 'SELECT tenant, event_id FROM logs' | LC_ALL=C sort; }

# Everything that was acknowledged ($1: lines of tenant and id) is in the store once.
acknowledged_once() {
  LC_ALL=C sort -u "$1" >"$WORK/acknowledged"
  stored_rows >"$WORK/stored"
  same "acknowledged but not stored" "" "$(LC_ALL=C comm -23 "$WORK/acknowledged" "$WORK/stored" | head -n 3)"
  same "stored twice" "" "$(uniq -d "$WORK/stored" | head -n 3)"
}

# The books close, and agree with the rows and the spool.
reconciled() {
  local status=0
  "$LOGCTL" doctor --reconcile -o plain >"$WORK/doctor" 2>&1 || status=$?
  [ "$status" = 0 ] || fail "doctor --reconcile left with $status: $(cat "$WORK/doctor")"
  "$LOGCTL" status -o json >"$WORK/status"
  same "received less what became of it" 0 \
    "$(jq '.received - .stored - .duplicate - ([.rejected[]] | add // 0) - .spooled' "$WORK/status")"
  same "spooled" 0 "$(jq .spooled "$WORK/status")"
}
