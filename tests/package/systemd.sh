#!/bin/bash
# Boots a bare Debian 12 with systemd as its first process, in namespaces of its own, installs the package of a build folder
# there and has systemd run it: start, reload, restart by the watchdog, sockets, credentials, backup and drill units.
# Usage: systemd.sh BUILD_DIR
set -euo pipefail
here=$(dirname "$(realpath "$0")")
build=$(realpath "$1")
. "$here/bare_system.sh"

# Without what systemd needs of the machine this would prove nothing.
unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child sh -c \
  'mount -t tmpfs none /mnt && mkdir /mnt/c && mount -t cgroup2 none /mnt/c && mkdir /mnt/c/logctl && rmdir /mnt/c/logctl' 2>"$work/unshare.log" || {
  echo "SKIPPED: this machine allows no namespaces with a cgroup tree: $(cat "$work/unshare.log")"
  exit 77
}

make_root
# What the package depends on comes over the network, which the booted system has not.
inside apt-get install -y --no-install-recommends systemd systemd-sysv dbus curl /logctl.deb >"$work/install.log" 2>&1 || fail "apt-get install"
inside dpkg --purge logctl >"$work/purge.log" 2>&1 || fail "purge"
rm "$root/usr/sbin/policy-rc.d"
inside systemctl mask console-getty.service >"$work/mask.log" 2>&1

cat >"$work/boot" <<'BOOT'
#!/bin/bash
set -e
cd "$1"
mount --bind . .
cd "$1"
mount -t proc proc proc
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs dev
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
pivot_root . mnt
# systemd hands credentials over through a mount that has to reach all.
mount --make-rshared /
exec chroot . /usr/bin/env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init --log-target=console </dev/null
BOOT
chmod +x "$work/boot"
unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child --propagation private "$work/boot" "$root" >"$work/boot.log" 2>&1 &
outer=$!
at_end() {
  inside journalctl --no-pager -u 'logctl*' >"$work/journal.log" 2>&1 || true
  kill -9 "$outer" 2>/dev/null || true
  wait "$outer" 2>/dev/null || true
}
at_end=at_end
init=
inside() { nsenter --target "$init" --all --root="/proc/$init/root" --wd="/proc/$init/root" $clean_environment "$@"; }
# until_true WHAT COMMAND: waits for up to half a minute
until_true() {
  local i
  for ((i = 0; i < 300; ++i)); do
    ! "${@:2}" >/dev/null 2>&1 || return 0
    sleep 0.1
  done
  fail "$1"
}
has_init() { init=$(pgrep --parent "$outer") && [ "$(cat "/proc/$init/comm")" = systemd ]; }
until_true "systemd does not start" has_init
until_true "the system does not come up" inside systemctl is-system-running
property() { inside systemctl show --value --property "$1" "${2:-logctl.service}"; }
same() { [ "$2" = "$3" ] || fail "$1: expected '$2', found '$3'"; }

# Installed, enabled, started.
inside dpkg -i /logctl.deb >"$work/dpkg.log" 2>&1 || fail "dpkg -i"
same "started by the installation" inactive "$(property ActiveState)"
inside systemctl enable --now logctl >"$work/enable.log" 2>&1 || fail "systemctl enable --now logctl"
same "status line" serving "$(property StatusText)"
same "account" logctl "$(inside stat -c %U "/proc/$(property MainPID)")"
url=http://127.0.0.1:8080
walk $url inside

# A configuration that changed is read again; a wrong one leaves what is in force.
first=$(property MainPID)
inside sed -i '$ a logging:\n  level: debug' /etc/logctl/config.yaml
inside systemctl reload logctl || fail "reload"
inside sed -i '$ d' /etc/logctl/config.yaml
inside sed -i '$ a \  level: nonsense' /etc/logctl/config.yaml
inside systemctl reload logctl || true
same "main process after reloading" "$first" "$(property MainPID)"
inside curl -sS --fail "$url/health" >/dev/null || fail "health after a wrong configuration"
inside sed -i '$ d' /etc/logctl/config.yaml
inside sed -i '$ d' /etc/logctl/config.yaml

# The units of timers, and the timers.
for unit in backup drill maintenance; do
  inside systemctl start "logctl-$unit.service" || fail "logctl-$unit.service"
done
same "backups" 2 "$(as_account logctl backup list -o json | jq length)"
inside systemctl enable --now logctl-backup.timer logctl-drill.timer logctl-maintenance.timer >"$work/timers.log" 2>&1 || fail "timers"
same "timer" active "$(property ActiveState logctl-backup.timer)"

# A daemon that stands still is started again, and has what it acknowledged.
inside mkdir -p /etc/systemd/system/logctl.service.d
printf '[Service]\nWatchdogSec=1s\n' >"$work/watchdog.conf"
inside tee /etc/systemd/system/logctl.service.d/watchdog.conf <"$work/watchdog.conf" >/dev/null
inside systemctl daemon-reload
inside systemctl restart logctl
first=$(property MainPID)
inside sh -c "kill -STOP $first"
is_another() { [ "$(property ActiveState)" = active ] && [ "$(property MainPID)" != "$first" ] && [ "$(property MainPID)" != 0 ]; }
until_true "the watchdog does not act" is_another
same "restarts" 1 "$(property NRestarts)"
same "records" 3 "$(as_account logctl status -o json | jq .stored)"

# systemd holds the sockets: while the daemon restarts, connections wait and none is refused.
inside systemctl stop logctl
inside systemctl enable --now logctl.socket >"$work/socket.log" 2>&1 || fail "logctl.socket"
inside systemctl restart --no-block logctl
for ((i = 0; i < 30; ++i)); do
  inside curl -sS --fail -o /dev/null "$url/health" || fail "request $i while the daemon restarts"
  [ "$i" != 10 ] || inside systemctl restart --no-block logctl
done

# A secret that only root and the service's process read.
inside install -m 0600 /dev/null /etc/logctl/auth.api_keys
printf 'credential-key-0123456789abcdef' | inside tee /etc/logctl/auth.api_keys >/dev/null
printf '[Service]\nLoadCredential=auth.api_keys:/etc/logctl/auth.api_keys\n' |
  inside tee /etc/systemd/system/logctl.service.d/credential.conf >/dev/null
inside systemctl daemon-reload
inside systemctl restart logctl
same "a key from a credential" 200 "$(inside curl -sS -o /dev/null -w '%{http_code}' -H 'X-API-Key: credential-key-0123456789abcdef' "$url/api/v1/status")"

same "units that failed" "" "$(inside systemctl --failed --plain --no-legend)"
inside dpkg --remove logctl >"$work/remove.log" 2>&1 || fail "dpkg --remove"
same "after removing" inactive "$(property ActiveState)"
echo "booted, installed, ran and removed"
