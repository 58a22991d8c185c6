#!/bin/bash
# Runs the command-line cases: arguments -> standard output, standard error, exit status.
# Usage: run.sh BINARY [FILE.case...]
#
# A case file holds blocks of lines:
#   case: what is promised
#   run: a bash command in which `logctl` is the binary
#   status: N          (0 when missing)
#   out: PATTERN       one line of standard output, in order, compared as a bash glob
#   err: PATTERN       the same for standard error
#   ...                after the last out: or err: as `out: ...`, when further lines may follow
# `unprivileged COMMAND` runs it without the super user's right to read and write everything, `sealed COMMAND` also
# without rights on its store, `spooled` leaves a record in the spool, `astray COMMAND` where no store was ever made; what it makes there is printed.
# Each file has one fresh folder for all its cases: working directory, HOME and state directory.
# Every call of the binary is noted; when all files are run, coverage.py looks for commands that lack a kind of case.
set -uo pipefail
binary=$(realpath "$1")
shift
here=$(cd "$(dirname "$0")" && pwd)
files=("$@")
all=no
[ ${#files[@]} -gt 0 ] || { all=yes files=("$here"/cases/*.case); }
root=$(mktemp -d "${TMPDIR:-/tmp}/logctl-cli-XXXXXX")
trap 'chmod -R u+rwX "$root"; rm -rf "$root"' EXIT
failed=0
count=0

# compare NAME FILE PATTERN...: every line of FILE against its pattern.
compare() {
  local name=$1 file=$2 line i=0
  shift 2
  local patterns=("$@")
  while IFS= read -r line || [ -n "$line" ]; do
    if [ "$i" -lt ${#patterns[@]} ] && [ "${patterns[$i]}" = "..." ]; then return 0; fi
    if [ "$i" -ge ${#patterns[@]} ]; then
      echo "  $name: unexpected line: $line"
      return 1
    fi
    # shellcheck disable=SC2053  # the right side is a glob on purpose
    if [[ $line != ${patterns[$i]} ]]; then
      printf '  %s: line %s differs\n    found:    %s\n    expected: %s\n' "$name" $((i + 1)) "$line" "${patterns[$i]}"
      return 1
    fi
    i=$((i + 1))
  done <"$file"
  if [ "$i" -lt ${#patterns[@]} ] && [ "${patterns[$i]}" != "..." ]; then
    echo "  $name: missing line: ${patterns[$i]}"
    return 1
  fi
}

run_case() {
  local ok=1 found
  count=$((count + 1))
  printf %s "$title" >"$folder/.case"
  (cd "$folder" && env -i PATH="$folder/bin:$PATH" HOME="$folder/home" STATE_DIRECTORY="$folder/state" LC_ALL=C \
    bash -c "$command") >"$folder/.out" 2>"$folder/.err" </dev/null
  found=$?
  [ "$found" = "$status" ] || { echo "  exit status: found $found, expected $status"; ok=0; }
  compare "standard output" "$folder/.out" ${out[@]+"${out[@]}"} || ok=0
  compare "standard error" "$folder/.err" ${err[@]+"${err[@]}"} || ok=0
  if [ "$ok" = 0 ]; then
    failed=$((failed + 1))
    printf 'FAILED %s: %s\n  run: %s\n' "$(basename "$file")" "$title" "$command"
    sed 's/^/  stdout| /' "$folder/.out"
    sed 's/^/  stderr| /' "$folder/.err"
  fi
}

for file in "${files[@]}"; do
  folder="$root/$(basename "$file" .case)"
  mkdir -p "$folder/bin" "$folder/home"
  cat >"$folder/bin/logctl" <<SCRIPT
#!/bin/bash
"$binary" "\$@"
status=\$?
line=\$(printf '\x1f%s' "\$(<"$folder/.case")" "\$status" "\${UNPRIVILEGED:-}" "\${ASTRAY:-}" "\${LOGCTL_DATABASE_URL:-}" "\$@")
printf '%s\n' "\${line//[\$'\n\x00']/ }" 2>/dev/null >>"$root/trace" || true
exit "\$status"
SCRIPT
  chmod +x "$folder/bin/logctl"
  cat >"$folder/bin/unprivileged" <<'SCRIPT'
#!/bin/bash
# Runs a command to which file modes apply, also where the tests are run by the super user.
export UNPRIVILEGED=yes
[ "$(id -u)" != 0 ] || exec setpriv --bounding-set=-dac_override,-dac_read_search "$@"
exec "$@"
SCRIPT
  chmod +x "$folder/bin/unprivileged"
  cat >"$folder/bin/sealed" <<'SCRIPT'
#!/bin/bash
# Runs a command without rights on its store's directory.
mkdir -p sealed && chmod 0 sealed
export STATE_DIRECTORY=$PWD/sealed
exec unprivileged "$@"
SCRIPT
  chmod +x "$folder/bin/sealed"
  cat >"$folder/bin/astray" <<'SCRIPT'
#!/bin/bash
# Runs a command whose store was never made, and complains when it is there afterwards.
export ASTRAY=yes LOGCTL_STORAGE_DATA_DIR=$PWD/nowhere
"$@"
status=$?
if [ -e nowhere ]; then
  find nowhere
  rm -rf nowhere
fi
exit $status
SCRIPT
  chmod +x "$folder/bin/astray"
  cat >"$folder/bin/spooled" <<SCRIPT
#!/bin/bash
# Leaves a record in the spool, as a daemon does whose PostgreSQL is away.
export LOGCTL_AUTH_API_KEYS=long-enough-for-a-key LOGCTL_API_KEY=long-enough-for-a-key
"$binary" serve --set database.url=postgresql://u@127.0.0.1:1/logs --set server.listeners=unix://\$PWD/socket -q 2>daemon.log &
until [ -S socket ]; do
  kill -0 \$! || { cat daemon.log; exit 1; }
  sleep 0.02
done
echo '{"message":"m"}' | "$binary" ingest - --url unix://\$PWD/socket -q >/dev/null
kill \$!
wait \$!
SCRIPT
  chmod +x "$folder/bin/spooled"
  title=""
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      "case: "*)
        [ -z "$title" ] || run_case
        title=${line#case: } command="" status=0 out=() err=()
        ;;
      "run: "*) command=${line#run: } ;;
      "status: "*) status=${line#status: } ;;
      "out: "* | "out:") out+=("$(x=${line#out:}; printf %s "${x# }")") ;;
      "err: "* | "err:") err+=("$(x=${line#err:}; printf %s "${x# }")") ;;
      "" | "#"*) ;;
      *)
        echo "$file: not understood: $line"
        exit 1
        ;;
    esac
  done <"$file"
  [ -z "$title" ] || run_case
done

echo "$count cases, $failed failed"
[ "$all" = no ] || "$here/coverage.py" "$binary" "$root/trace" || failed=$((failed + 1))
[ "$count" -gt 0 ] && [ "$failed" = 0 ]
