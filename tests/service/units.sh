#!/bin/bash
# The units of deploy/systemd/ before the real systemd-analyze: right, and as confined as promised.
# Usage: units.sh BINARY SOURCE_DIR
set -euo pipefail
binary=$(realpath "$1") source=$2
hidden=$(mktemp -d /tmp/logctl-units-XXXXXX)
# Not below /tmp, of which a service has one of its own: a unit that names something there is refused.
work=$(mktemp -d /dev/shm/logctl-units-XXXXXX)
trap 'rm -rf "$work" "$hidden"' EXIT
fail() { echo "$*" >&2; exit 1; }

# The same units with a program that exists on this machine.
for unit in "$source"/deploy/systemd/*; do
  sed "s,^ExecStart=/usr/bin/logctl,ExecStart=$binary," "$unit" >"$work/$(basename "$unit")"
done
complaints=$(cd "$work" && SYSTEMD_LOG_LEVEL=warning systemd-analyze --man=no --recursive-errors=no verify ./*.service ./*.socket ./*.timer 2>&1) ||
  fail "systemd-analyze verify: $complaints"
[ -z "$complaints" ] || fail "systemd-analyze verify: $complaints"

for unit in "$work"/*.service; do
  # In tenths, as --threshold counts.
  systemd-analyze security --no-pager --offline=true --threshold=15 "$unit" >"$work/analysis" 2>&1 ||
    fail "$(basename "$unit") is exposed more than 1.5: $(tail -n 1 "$work/analysis")"
  tail -n 1 "$work/analysis"
done
# The check can fail: without its confinement a unit is refused.
grep -vE '^(Protect|Restrict|System|Capability|Private)' "$work/logctl.service" >"$work/open.service"
if systemd-analyze security --no-pager --offline=true --threshold=15 "$work/open.service" >/dev/null 2>&1; then
  fail "systemd-analyze security passes a unit without confinement"
fi

# A unit for another configuration names its paths, its sockets and its secrets.
cat >"$work/other.yaml" <<YAML
storage:
  data_dir: /srv/logs
spool:
  directory: /srv/spool
server:
  shutdown_timeout: 1m
  listeners: ["http://10.1.2.3:80", "unix:///run/logctl/http.sock"]
YAML
printf secret >"$work/password"
LOGCTL_DATABASE_PASSWORD_FILE=$work/password LOGCTL_LOG_LEVEL=debug \
  "$binary" --config "$work/other.yaml" systemd unit --binary /bin/true >"$work/other.service"
has() { grep -qxF -- "$1" "$work/$2" || { cat "$work/$2" >&2; fail "$2 lacks: $1"; }; }
has "ExecStart=/bin/true serve --config $work/other.yaml" other.service
has "ReadWritePaths=/srv/logs /srv/spool" other.service
has "RuntimeDirectory=logctl" other.service
has "AmbientCapabilities=CAP_NET_BIND_SERVICE" other.service
has "LoadCredential=database.password:$work/password" other.service
has "Environment=LOGCTL_LOG_LEVEL=debug" other.service
has "TimeoutStopSec=135s" other.service
! grep -q StateDirectory "$work/other.service" || fail "StateDirectory without a store there"
"$binary" --config "$work/other.yaml" systemd unit logctl.socket --binary /bin/true >"$work/other.socket"
has "ListenStream=10.1.2.3:80" other.socket
has "ListenStream=/run/logctl/http.sock" other.socket
(cd "$work" && SYSTEMD_LOG_LEVEL=warning systemd-analyze --man=no --recursive-errors=no verify ./other.service) || fail "other.service is not right"
# What the service could not read is refused: it would not start.
refused() { ! "$binary" "${@:2}" >/dev/null 2>"$work/err" && grep -q -- "$1" "$work/err" || { cat "$work/err" >&2; fail "not refused: ${*:2}"; }; }
cp "$work/other.yaml" "$hidden/other.yaml"
refused "the configuration: '.*' is in a folder for temporary files" --config "$hidden/other.yaml" systemd unit --binary /bin/true
refused "the binary: '/tmp/logctl' is in a folder for temporary files" --config "$work/other.yaml" systemd unit --binary /tmp/logctl
refused "the binary: '/root/bin/logctl' is in /root" --config "$work/other.yaml" systemd unit --binary /root/bin/logctl
"$binary" --config "$work/other.yaml" systemd unit --binary /home/me/logctl >"$work/home.service"
has "ProtectHome=read-only" home.service
echo "the units are right"
