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
umount --lazy mnt
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
  # Its last processes still write into the folder that is removed next.
  while [ -n "$init" ] && [ -e "/proc/$init" ]; do sleep 0.1; done
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
ask() { inside curl -sS --max-time 30 "$@"; }
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
# reload LINE ANSWER: with one more section in the configuration
reload() {
  inside cp /etc/logctl/config.yaml /tmp/config.yaml
  printf '%b\n' "$1" | inside tee -a /etc/logctl/config.yaml >/dev/null
  inside systemctl reload logctl || fail "reload"
  said() { inside journalctl --no-pager -u logctl | grep -q "$1"; }
  until_true "the journal lacks '$2'" said "$2"
  inside cp /tmp/config.yaml /etc/logctl/config.yaml
}
first=$(property MainPID)
reload 'log:\n  level: debug' ' configuration reloaded'
reload 'log:\n  level: nonsense' ' configuration not reloaded'
same "main process after reloading" "$first" "$(property MainPID)"
ask -o /dev/null "$url/health" || fail "health after a wrong configuration"

# The units of timers, and the timers.
for unit in backup drill maintenance; do
  inside systemctl start "logctl-$unit.service" || fail "logctl-$unit.service"
done
same "backups" 2 "$(as_account logctl backup list -o json | jq length)"
inside systemctl enable --now logctl-backup.timer logctl-drill.timer logctl-maintenance.timer >"$work/timers.log" 2>&1 || fail "timers"
same "timer" active "$(property ActiveState logctl-backup.timer)"

# drop_in LINES: one file beside the unit, and the daemon started with it
drop_in() {
  inside mkdir -p /etc/systemd/system/logctl.service.d
  printf '[Service]\n%s\n' "$1" | inside tee /etc/systemd/system/logctl.service.d/test.conf >/dev/null
  inside systemctl daemon-reload
  inside systemctl restart logctl
}
# status KEY: of an answer to it
status() { ask -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $1" "$url/api/v1/status"; }

# A daemon that stands still is started again, and has what it acknowledged.
drop_in WatchdogSec=3s
first=$(property MainPID)
same "a record" 201 "$(send "$new_key" 4 inside)"
inside sh -c "kill -STOP $first"
is_another() { [ "$(property ActiveState)" = active ] && [ "$(property MainPID)" != "$first" ] && [ "$(property MainPID)" != 0 ]; }
until_true "the watchdog does not act" is_another
[ "$(property NRestarts)" -ge 1 ] || fail "it was not the watchdog"
same "records" 4 "$(as_account logctl status -o json | jq .stored)"

# systemd holds the sockets: while the daemon restarts, connections wait and none is refused.
drop_in ''
inside systemctl stop logctl
inside systemctl enable --now logctl.socket >"$work/socket.log" 2>&1 || fail "logctl.socket"
ask -o /dev/null "$url/health" || fail "the first request through the socket"
first=$(property MainPID)
inside systemctl restart --no-block logctl
for ((i = 0; i < 30; ++i)); do
  ask --fail -o /dev/null "$url/health" || fail "request $i while the daemon restarts"
done
until_true "the daemon was not restarted" is_another

# A secret that only root and the service's process read.
inside install -m 0600 /dev/null /etc/logctl/auth.api_keys
credential=credential-key-0123456789abcdef
printf '%s' "$credential" | inside tee /etc/logctl/auth.api_keys >/dev/null
same "a key before its credential" 401 "$(status "$credential")"
drop_in LoadCredential=auth.api_keys:/etc/logctl/auth.api_keys
same "a key from a credential" 200 "$(status "$credential")"

same "units that failed" "" "$(inside systemctl --failed --plain --no-legend)"
inside dpkg --remove logctl >"$work/remove.log" 2>&1 || fail "dpkg --remove"
same "after removing" inactive "$(property ActiveState)"
echo "booted, installed, ran and removed"
