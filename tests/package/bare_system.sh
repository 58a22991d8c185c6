# For the scripts beside it: the package of a build folder, and a bare Debian 12 made by debootstrap to install it in.
# The caller has set `build`. Gives `work`, `root`, `package`, `fail`, `inside` and `as_account` (a command there, as root or as the
# account of the service), `make_root` and `walk`; calls what `at_end` names before it leaves.
# Needs root, and Debian's packages over the network. The bare system is kept in the build folder for the next time.
[ "$(id -u)" = 0 ] || { echo "SKIPPED: debootstrap and chroot need root"; exit 77; }

work=$(mktemp -d "${TMPDIR:-/tmp}/logctl-deb-XXXXXX")
root=$work/root
at_end=:
finish() {
  local status=$?
  $at_end
  if [ "$status" != 0 ]; then tail -n 40 "$work"/*.log >&2 2>/dev/null || true; fi
  rm -rf "$work" "$build/debian-12.tar.$$"
  exit "$status"
}
trap finish EXIT
fail() { echo "not as expected: $*" >&2; exit 1; }
clean_environment="/usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive"
inside() { chroot "$root" $clean_environment "$@"; }
# As `sudo -u logctl` does, without what systemd gives to the service.
as_account() { inside runuser -u logctl -- "$@"; }

(cd "$work" && cpack --config "$build/CPackConfig.cmake" -B "$work/pack") >"$work/cpack.log" 2>&1 || fail "cpack"
package=$(ls "$work"/pack/*.deb)

# Unpacks the bare system with the package in it, not installed.
make_root() {
  local bare=$build/debian-12.tar
  if [ ! -s "$bare" ]; then
    debootstrap --variant=minbase bookworm "$work/bare" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$work/debootstrap.log" 2>&1 ||
      fail "debootstrap"
    # Two scripts may run at once.
    tar -C "$work/bare" -cf "$bare.$$" .
    mv "$bare.$$" "$bare"
    rm -rf "$work/bare"
  fi
  mkdir "$root"
  tar -C "$root" -xf "$bare"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  # Nothing of a package may start in a chroot.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  cp "$package" "$root/logctl.deb"
  inside apt-get update -qq >"$work/update.log" 2>&1 || fail "apt-get update"
}

# The walk of docs/service.md on the daemon at URL: a key, its rotation, a backup and its drill. Leaves three records and
# `new_key`. ASK is a command that runs curl where the daemon listens.
# walk URL ASK...
walk() {
  local url=$1 key i answer
  shift
  # send KEY EVENT_ID
  send() {
    "${@:3}" curl -sS --max-time 30 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $1" -H 'Content-Type: application/json' \
      -d "{\"event_id\":\"$2\",\"event_type\":\"behavioral\",\"event_name\":\"hello\"}" "$url/api/v1/ingest"
  }
  key=$(as_account logctl keys create --name package -o plain 2>/dev/null)
  answer=$(send "$key" 1 "$@")
  [ "$answer" = 201 ] || fail "a record was answered $answer"
  new_key=$(as_account logctl keys rotate "$(echo "$key" | cut -d_ -f3 | cut -c1-8)" --overlap 7d -o plain 2>/dev/null)
  for ((i = 0; i < 100; ++i)); do
    answer=$(send "$new_key" 2 "$@")
    [ "$answer" = 401 ] || break
    sleep 0.1
  done
  [ "$answer" = 201 ] || fail "a record with the new key was answered $answer"
  [ "$(send "$key" 3 "$@")" = 201 ] || fail "the old key ended before its overlap"
  as_account logctl backup create -q -o json >"$work/backup.log" || fail "backup create"
  [ "$(jq .rows "$work/backup.log")" = 3 ] || fail "rows of the backup"
  as_account logctl backup drill -q -o json >"$work/drill.log" || fail "backup drill"
  [ "$(jq .ok "$work/drill.log")" = true ] || fail "the drill"
  as_account logctl doctor -o plain >"$work/doctor.log" || fail "doctor"
}
