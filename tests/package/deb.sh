#!/bin/bash
# Packs the binary of a build folder and installs, runs, removes and purges it in a bare Debian 12 made by debootstrap.
# Usage: deb.sh BUILD_DIR
set -euo pipefail
build=$(realpath "$1")
. "$(dirname "$0")/bare_system.sh"
daemon=
at_end() { [ -z "$daemon" ] || kill -9 "$daemon" 2>/dev/null || true; }
at_end=at_end

echo "$(basename "$package"): $(stat -c %s "$package") bytes"
dpkg-deb -f "$package" Package Version Depends Description
dpkg-deb -c "$package" >"$work/contents"
for path in usr/bin/logctl usr/share/man/man1/logctl-keys.1 usr/share/man/man5/logctl-config.5 usr/share/man/man7/logctl-http.7 \
            usr/share/bash-completion/completions/logctl usr/share/zsh/vendor-completions/_logctl \
            usr/share/fish/vendor_completions.d/logctl.fish usr/lib/systemd/system/logctl.service \
            usr/lib/systemd/system/logctl-backup.timer usr/lib/sysusers.d/logctl.conf \
            usr/share/doc/logctl/examples/config.yaml usr/share/doc/logctl/copyright; do
  grep -q " \./$path\(\.gz\)\?$" "$work/contents" || fail "the package lacks $path"
done
if grep -v '^d' "$work/contents" | grep -vE ' \./usr/'; then fail "the package has files outside /usr"; fi

# Installed, with what it depends on and nothing else.
make_root
inside apt-get install -y --no-install-recommends /logctl.deb >"$work/install.log" 2>&1 || fail "apt-get install"
grep -q "systemctl enable --now logctl" "$work/install.log" || fail "the installation does not say what is next"
[ "$(inside dpkg-query -W -f '${db:Status-Status}' logctl)" = installed ] || fail "not installed"
size=$(stat -c %s "$root/usr/bin/logctl")
[ "$size" -lt $((15 * 1024 * 1024)) ] || fail "the binary has $size bytes"
echo "binary: $size bytes"
inside getent passwd logctl >/dev/null || fail "no account"
[ "$(inside stat -c '%U:%G %a' /etc/logctl/config.yaml)" = "root:logctl 640" ] || fail "rights of the configuration"
[ "$(inside stat -c '%U:%G %a' /var/lib/logctl)" = "logctl:logctl 700" ] || fail "rights of the data"
grep -q '^ExecStart=/usr/bin/logctl serve ' "$root/usr/lib/systemd/system/logctl.service" || fail "path in the unit"

# It runs as its account, on the configuration that was installed.
inside logctl --config /etc/logctl/config.yaml config check >/dev/null || fail "config check"
# Not through the function, whose process would be another one than the daemon's.
chroot "$root" setpriv --reuid logctl --regid logctl --clear-groups env HOME=/var/lib/logctl STATE_DIRECTORY=/var/lib/logctl logctl serve --config /etc/logctl/config.yaml --set server.host=127.0.0.1 --set server.port=0 \
  2>"$work/daemon.log" &
daemon=$!
for ((i = 0; i < 400; ++i)); do
  url=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/daemon.log" | head -n 1 || true)
  [ -z "$url" ] || break
  kill -0 "$daemon" 2>/dev/null || fail "the daemon ended"
  sleep 0.05
done
inside logctl health --url "$url" >/dev/null || fail "health"
walk "$url" env
# Whoever looks as the super user sees the same store.
[ "$(inside logctl status -o json | jq .stored)" = 3 ] || fail "the store of the super user"
kill -TERM "$daemon"
wait "$daemon" || fail "the daemon left with $?"
daemon=
[ "$(as_account logctl query -o jsonl | wc -l)" = 3 ] || fail "the records are not stored"

# Installed again over itself: configuration and data stay.
echo '# mine' >>"$root/etc/logctl/config.yaml"
inside dpkg -i /logctl.deb >"$work/again.log" 2>&1 || fail "second installation"
tail -n 1 "$root/etc/logctl/config.yaml" | grep -q mine || fail "the configuration was replaced"

inside apt-get remove -y logctl >"$work/remove.log" 2>&1 || fail "apt-get remove"
[ ! -e "$root/usr/bin/logctl" ] && [ ! -e "$root/usr/lib/systemd/system/logctl.service" ] || fail "removing left files"
[ -e "$root/etc/logctl/config.yaml" ] || fail "removing took the configuration"
inside dpkg --purge logctl >"$work/purge.log" 2>&1 || fail "purge"
[ ! -e "$root/etc/logctl" ] || fail "purging left the configuration"
grep -q "are kept" "$work/purge.log" || fail "purging does not say what becomes of the records"
left=$(find "$root/usr" "$root/etc" -path "$root/usr/share/doc" -prune -o -name '*logctl*' -print)
[ -z "$left" ] || fail "left behind: $left"
echo "installed, ran and removed"
