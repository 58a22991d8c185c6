#!/bin/bash
# Runs a command with a throw-away PostgreSQL server: tests/support/with_postgres.sh [--timescale] CMD ARGS...
#
# --timescale: the server loads TimescaleDB, and LOGCTL_TEST_PARTITIONING says `timescale`. Where the extension is not
# installed, nothing is run and the status is 77, which CTest takes for skipped. Without it, no server loads the extension.
#
# The server listens on a free port of 127.0.0.1 and on a unix socket in its own folder, trusts everybody and
# keeps fsync on. The command finds it through LOGCTL_TEST_POSTGRES (a URL) or PGHOST, PGPORT, PGUSER, and may
# stop and start it: $LOGCTL_TEST_PGRUN $LOGCTL_TEST_PGBIN/pg_ctl -D $LOGCTL_TEST_PGDATA ... (PGRUN changes to the
# server's user and is empty when that is not needed). The status is that of the command.
#
# A janitor in a session of its own waits until this script is gone, in whatever way, even by SIGKILL: then it
# stops the server and removes the folder.
set -euo pipefail

timescale=
if [ "${1:-}" = --timescale ]; then
  timescale=1
  shift
fi
if [ $# -eq 0 ]; then
  echo "usage: $0 [--timescale] CMD [ARG...]" >&2
  exit 2
fi

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
  echo "$0: no PostgreSQL server below /usr/lib/postgresql (apt-get install postgresql)" >&2
  exit 1
fi

extensions=$("${bin%/bin}/bin/pg_config" --sharedir 2>/dev/null || echo "/usr/share/postgresql/$(basename "${bin%/bin}")")/extension
if [ -n "$timescale" ] && [ ! -e "$extensions/timescaledb.control" ]; then
  echo "not run: the server's extension timescaledb is not installed ($extensions/timescaledb.control is missing)"
  exit 77
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/logctl-pg-XXXXXX")
data=$folder/data
run=()
if [ "$(id -u)" -eq 0 ]; then
  # The server refuses to run as root.
  run=(runuser -u postgres --)
  chown postgres "$folder"
fi
mkfifo "$folder/alive"

janitor() {
  read -r _ <"$folder/alive" || true
  if pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) && [ -n "$pid" ]; then
    kill -INT "$pid" 2>/dev/null || true
    kill -CONT "$pid" 2>/dev/null || true  # a test may have frozen it
    for ((i = 0; i < 100; ++i)); do
      kill -0 "$pid" 2>/dev/null || break
      [ "$i" -ne 50 ] || kill -QUIT "$pid" 2>/dev/null || true
      sleep 0.1
    done
  fi
  rm -rf "$folder"
}
export -f janitor
folder=$folder data=$data setsid bash -c janitor </dev/null >/dev/null 2>&1 &
janitor_pid=$!
exec {alive}>"$folder/alive"
trap 'exec {alive}>&-; wait "$janitor_pid" || true' EXIT

cd "$folder"
"${run[@]}" "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >"$folder/initdb.log" 2>&1 {alive}>&- || {
  cat "$folder/initdb.log" >&2
  exit 1
}
cat >>"$data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
fsync = on
max_connections = 100
shared_buffers = 256MB
max_wal_size = 4GB
logging_collector = off
shared_preload_libraries = '${timescale:+timescaledb}'
${timescale:+timescaledb.telemetry_level = off}
CONF

# The port is only known to be free once the server has it: try until one start succeeds.
started=
for ((attempt = 0; attempt < 20; ++attempt)); do
  port=$((15000 + RANDOM % 15000))
  echo "port = $port" >>"$data/postgresql.conf"
  if "${run[@]}" "$bin/pg_ctl" -D "$data" -l "$data/server.log" -w -t 60 start >/dev/null 2>&1 {alive}>&-; then
    started=1
    break
  fi
done
if [ -z "$started" ]; then
  echo "$0: the server does not start:" >&2
  tail -n 20 "$data/server.log" >&2
  exit 1
fi
cd "$OLDPWD"

export LOGCTL_TEST_POSTGRES="postgresql://postgres@127.0.0.1:$port/postgres"
export LOGCTL_TEST_PGDATA=$data LOGCTL_TEST_PGBIN=$bin LOGCTL_TEST_PGRUN="${run[*]}"
export LOGCTL_TEST_PARTITIONING=${timescale:+timescale}
export PGHOST=127.0.0.1 PGPORT=$port PGUSER=postgres

status=0
"$@" {alive}>&- || status=$?
exit "$status"
