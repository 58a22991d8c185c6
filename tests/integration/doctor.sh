#!/bin/bash
# What the doctor finds is what is there: each thing that can be wrong is made wrong.
# Usage: doctor.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"
use_store "$1"
[ "$STORE" = postgres ] || "$LOGCTL" migrate up -q >/dev/null

# diagnosis STATUS [logctl arguments]: runs the doctor; found CHECK FIELD reads what it says
diagnosis() {
  local expected=$1 status=0
  shift
  "$LOGCTL" doctor -o json "$@" >"$WORK/findings" 2>"$WORK/errors" || status=$?
  [ "$status" = "$expected" ] || fail "doctor left with $status instead of $expected: $(cat "$WORK/findings" "$WORK/errors")"
  same "nothing on standard error" "" "$(cat "$WORK/errors")"
}
found() { jq -r --arg check "$1" --arg field "$2" '[.[] | select(.check == $check)] | last | .[$field] // ""' "$WORK/findings"; }
has_text() { [[ $2 == *"$3"* ]] || fail "$1: '$3' is not in '$2'"; }
# Each trouble comes with what to do.
advised() { same "findings without advice" "" "$(jq -r '.[] | select(.state != "ok" and .advice == null) | .check' "$WORK/findings")"; }

start_daemon
diagnosis 0
advised
same "store" ok "$(found store state)"
same "schema" ok "$(found schema state)"
same "indexes" ok "$(found indexes state)"

# Certificates: one that ends soon, one that has ended, one that is none.
certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=test -days "$1" \
    -keyout "$WORK/tls.key" -out "$WORK/tls.crt" 2>/dev/null
  chmod 600 "$WORK/tls.key"
}
tls=(--set "server.listeners=https://127.0.0.1:0?cert=$WORK/tls.crt&key=$WORK/tls.key")
certificate 90
diagnosis 0 "${tls[@]}"
same "a certificate that holds" ok "$(found certificates state)"
has_text "its end" "$(found certificates detail)" "ends in 89d"
certificate 20
diagnosis 0 "${tls[@]}"
same "a certificate that ends soon" warning "$(found certificates state)"
advised
certificate 2
diagnosis 8 "${tls[@]}"
same "a certificate that ends very soon" failed "$(found certificates state)"
chmod 644 "$WORK/tls.key"
certificate_key=$WORK/tls.key
diagnosis 8 "${tls[@]}"
same "a key that everybody may read" failed "$(found secrets state)"
same "what to do" "chmod 0640 $certificate_key" "$(found secrets advice)"
echo none >"$WORK/tls.crt"
diagnosis 8 "${tls[@]}"
same "no certificate" failed "$(found certificates state)"
advised

# Few descriptors.
(ulimit -n 256 && diagnosis 0 && same "descriptors" warning "$(found limits state)" && advised)

if [ "$STORE" = postgres ]; then
  database=$LOGCTL_DATABASE_URL
  has_text "version" "$(found version detail)" "PostgreSQL"
  same "partitions" ok "$(found partitions state)"
  diagnosis 0 --set storage.partitions_ahead=9
  same "too few partitions" warning "$(found partitions state)"
  advised
  stop_daemon
  psql -qX "$database" -c "UPDATE pg_index SET indisvalid = false WHERE indexrelid =
    (SELECT indexrelid FROM pg_index WHERE indrelid = (SELECT inhrelid FROM pg_inherits
     WHERE inhparent = 'logs'::regclass ORDER BY 1 LIMIT 1) LIMIT 1)"
  diagnosis 8
  same "an index that is not valid" failed "$(found indexes state)"
  advised
  tables=$(psql -qXAt "$database" -c "SELECT string_agg(inhrelid::regclass::text, ', ') FROM pg_inherits WHERE inhparent = 'logs'::regclass")
  psql -qX "$database" -c "DROP TABLE $tables"
  diagnosis 8
  same "no partition for today" failed "$(found partitions state)"
  advised
  # A server that is there and will not have us is no server that is away.
  refused() {
    local status=0
    LOGCTL_DATABASE_URL='' "$LOGCTL" keys list --set "database.url=$1" >/dev/null 2>"$WORK/errors" || status=$?
    same "exit status without $3" 78 "$status"
    has_text "hint without $3" "$(cat "$WORK/errors")" "$2"
  }
  refused "postgresql://$PGUSER@127.0.0.1:$PGPORT/nowhere" '`createdb nowhere` makes it; or correct database.dbname' "the database"
  refused "postgresql://nobody_here@127.0.0.1:$PGPORT/postgres" 'correct database.user' "the role"
  diagnosis 8 --set "database.url=postgresql://$PGUSER@127.0.0.1:$PGPORT/nowhere"
  has_text "doctor's advice" "$(found store advice)" 'createdb nowhere'
  diagnosis 8 --set database.url=postgresql://127.0.0.1:1/none --set database.connect_timeout=1s
  same "no server" failed "$(found store state)"
  same "nothing is said of what cannot be seen" "" "$(found schema state)"
else
  stop_daemon
  "$LOGCTL" keys list >/dev/null
  sqlite3 "$LOGCTL_STORAGE_DATA_DIR/meta.sqlite" "UPDATE schema_migrations SET sha256 = replace(sha256, substr(sha256, 1, 1), 'x') WHERE version = 1"
  diagnosis 8
  has_text "a changed checksum" "$(found schema advice)" 'migrate repair'
  "$LOGCTL" migrate repair --yes -q >/dev/null
  diagnosis 0
  dd if=/dev/urandom of="$LOGCTL_STORAGE_DATA_DIR/meta.sqlite" bs=4096 seek=2 count=2 conv=notrunc 2>/dev/null
  diagnosis 8
  same "a damaged store" 1 "$(jq '[.[] | select(.state == "failed")] | length | if . > 0 then 1 else 0 end' "$WORK/findings")"
fi
echo "doctor on $STORE: $CHECKS checks"
