#!/bin/bash
# Packs the binary of a build folder and installs, runs, removes and purges it in a bare Debian 12 made by debootstrap.
# Usage: deb.sh BUILD_DIR
# Needs root, and Debian's packages over the network. The bare system is kept in BUILD_DIR for the next time.
set -euo pipefail
build=$(realpath "$1")
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" = 0 ] || { echo "SKIPPED: debootstrap and chroot need root"; exit 77; }

work=$(mktemp -d "${TMPDIR:-/tmp}/logctl-deb-XXXXXX")
root=$work/root
daemon=
finish() {
  local status=$?
  [ -z "$daemon" ] || kill -9 "$daemon" 2>/dev/null || true
  if [ "$status" != 0 ]; then tail -n 40 "$work"/*.log >&2 2>/dev/null || true; fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
fail() { echo "not as expected: $*" >&2; exit 1; }
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

# The package
(cd "$work" && cpack --config "$build/CPackConfig.cmake" -B "$work/pack") >"$work/cpack.log" 2>&1 || fail "cpack"
package=$(ls "$work"/pack/*.deb)
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

# A bare system, made once and unpacked for each run.
bare=$build/debian-12.tar
if [ ! -s "$bare" ]; then
  debootstrap --variant=minbase bookworm "$work/bare" "$mirror" >"$work/debootstrap.log" 2>&1 || fail "debootstrap"
  tar -C "$work/bare" -cf "$bare.new" .
  mv "$bare.new" "$bare"
  rm -rf "$work/bare"
fi
mkdir "$root"
tar -C "$root" -xf "$bare"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Nothing of a package may start in a chroot.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"

# Installed, with what it depends on and nothing else.
cp "$package" "$root/logctl.deb"
inside apt-get update -qq >"$work/update.log" 2>&1 || fail "apt-get update"
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
# As `sudo -u logctl` does, without what systemd gives to the service.
as_account="setpriv --reuid logctl --regid logctl --clear-groups env HOME=/var/lib/logctl"
# Not through the function, whose process would be another one than the daemon's.
chroot "$root" $as_account STATE_DIRECTORY=/var/lib/logctl logctl serve --config /etc/logctl/config.yaml --set server.host=127.0.0.1 --set server.port=0 \
  2>"$work/daemon.log" &
daemon=$!
for ((i = 0; i < 400; ++i)); do
  url=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/daemon.log" | head -n 1 || true)
  [ -z "$url" ] || break
  kill -0 "$daemon" 2>/dev/null || fail "the daemon ended"
  sleep 0.05
done
inside logctl health --url "$url" >/dev/null || fail "health"
# send KEY EVENT_ID
send() {
  curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $1" -H 'Content-Type: application/json' \
    -d "{\"event_id\":\"$2\",\"event_type\":\"behavioral\",\"event_name\":\"hello\"}" "$url/api/v1/ingest"
}
# The walk of docs/service.md: a key, its rotation, a backup and its drill.
key=$(inside $as_account logctl keys create --name package -o plain 2>/dev/null)
answer=$(send "$key" 1)
[ "$answer" = 201 ] || fail "a record was answered $answer"
new_key=$(inside $as_account logctl keys rotate "$(echo "$key" | cut -d_ -f3 | cut -c1-8)" --overlap 7d -o plain 2>/dev/null)
for ((i = 0; i < 100; ++i)); do
  answer=$(send "$new_key" 2)
  [ "$answer" = 401 ] || break
  sleep 0.1
done
[ "$answer" = 201 ] || fail "a record with the new key was answered $answer"
[ "$(send "$key" 3)" = 201 ] || fail "the old key ended before its overlap"
inside $as_account logctl backup create -q -o json >"$work/backup.log" || fail "backup create"
[ "$(jq .rows "$work/backup.log")" = 3 ] || fail "rows of the backup"
inside $as_account logctl backup drill -q -o json >"$work/drill.log" || fail "backup drill"
[ "$(jq .ok "$work/drill.log")" = true ] || fail "the drill"
inside $as_account logctl doctor -o plain >"$work/doctor.log" || fail "doctor"
# Whoever looks as the super user sees the same store.
[ "$(inside logctl status -o json | jq .stored)" = 3 ] || fail "the store of the super user"
kill -TERM "$daemon"
wait "$daemon" || fail "the daemon left with $?"
daemon=
[ "$(inside $as_account logctl query -o jsonl | wc -l)" = 3 ] || fail "the records are not stored"

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
