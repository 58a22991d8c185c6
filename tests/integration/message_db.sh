#!/bin/bash
# The message-db functions, called the way its clients do: through psql as role message_store, whose name is the schema
# that it looks in first.
# Usage: with_postgres.sh message_db.sh
. "$(dirname "$0")/../support/daemon.sh"

use_store postgres
database=$LOGCTL_DATABASE_URL
owner() { psql -qXAt -v ON_ERROR_STOP=1 "$database" -c "$1"; }
client() { psql -qXAt -v ON_ERROR_STOP=1 "${database/postgres@/message_store@}" -c "$1" 2>&1 || true; }
# is WHAT EXPECTED STATEMENT
is() { same "$1" "$2" "$(client "$3" | grep -v '^CONTEXT:\|^PL/pgSQL\|^SQL')"; }
migrate() { "$LOGCTL" migrate "$@" 2>"$WORK/err"; }
write() { # write STREAM [TYPE [METADATA [VERSION]]]
  client "SELECT write_message(gen_random_uuid()::varchar, '$1', '${2:-Placed}', '{\"attribute\": \"some value\"}', ${3:-NULL}, ${4:-NULL})" |
    grep -v '^CONTEXT:'
}

# --- made, told, compared, taken away ---

same "rows of the optional part before it is there" "" "$(migrate status -o jsonl | jq -r 'select(.set == "postgres-message-db").name')"
same "steps that would run" "message_db write_limits" "$(migrate up --with message-db --dry-run -o jsonl | jq -r .name | xargs)"
same "steps applied" 2 "$(migrate up --with message-db -o json | jq .applied)"
same "state" "message_db applied write_limits applied" "$(migrate status -o jsonl | jq -r 'select(.set == "postgres-message-db") | "\(.name) \(.state)"' | xargs)"
migrate status --exit-code >/dev/null || fail "$(cat "$WORK/err")"
migrate verify >"$WORK/verify" || fail "$(cat "$WORK/verify" "$WORK/err")"
same "steps applied again" 0 "$(migrate up --with message-db -o json | jq .applied)"
owner "DROP VIEW message_store.type_summary"
status=0
migrate verify -o plain >"$WORK/verify" || status=$?
same "status of a verify that finds something" 7 "$status"
grep -q '^postgres-message-db.*view type_summary	missing' "$WORK/verify" || fail "$(cat "$WORK/verify")"
migrate down --without message-db >/dev/null || fail "$(cat "$WORK/err")"
same "schema when it is taken away" "" "$(owner "SELECT nspname FROM pg_namespace WHERE nspname = 'message_store'")"
migrate up >/dev/null
same "what up makes without being asked" "" "$(owner "SELECT nspname FROM pg_namespace WHERE nspname = 'message_store'")"
migrate up --with message-db >/dev/null || fail "$(cat "$WORK/err")"
status=0
migrate down --to 0 --confirm >/dev/null || status=$?
[ "$status" != 0 ] || fail "the tables went away below the functions"
grep -q -- '--without message-db' "$WORK/err" || fail "no hint: $(cat "$WORK/err")"
migrate up >/dev/null
status=0
LOGCTL_DATABASE_URL='' LOGCTL_STORAGE_DATA_DIR=$WORK/other "$LOGCTL" migrate up --with message-db >/dev/null 2>"$WORK/err" || status=$?
same "status on a SQLite store" 2 "$status"
same "nothing was made there" no "$([ -e "$WORK/other" ] && echo yes || echo no)"
same "an optional part that is none" 2 "$(migrate up --with nonsense >/dev/null; echo $?)"

# --- names ---

is "version" 1.3.0 "SELECT message_store_version()"
is "category" account "SELECT category('account-123+4-5')"
is "id" "123+4-5" "SELECT id('account-123+4-5')"
is "id of a category" "t" "SELECT id('account') IS NULL"
is "cardinal id" 123 "SELECT cardinal_id('account-123+4-5')"
is "cardinal id of a category" "t" "SELECT cardinal_id('account') IS NULL"
is "is_category" "t|f" "SELECT is_category('account'), is_category('account-1')"
for pair in 1:-4266524885998034046 2:-4026655064267673757 3:-1383792015730482434 4:-6305049951010035939 0:-3473083983811222033 \
  5:-1956185668341324987 123:2318431741638412123; do
  is "hash of ${pair%%:*}" "${pair#*:}" "SELECT hash_64('${pair%%:*}')"
done
is "lock" "$(client "SELECT hash_64('account')")" "SELECT acquire_lock('account-1')"

# --- writing ---

same "first message" 0 "$(write account-1 Opened)"
same "second message" 1 "$(write account-1 Deposited "'{\"correlationStreamName\": \"teller-9\"}'")"
same "third message" 2 "$(write account-1 Deposited NULL 1)"
same "a wrong version" "ERROR:  Wrong expected version: 1 (Stream: account-1, Stream Version: 2)" "$(write account-1 Deposited NULL 1)"
same "a wrong version without a stream" "ERROR:  Wrong expected version: 0 (Stream: account-9, Stream Version: -1)" "$(write account-9 Opened NULL 0)"
same "a stream that must be new" 0 "$(write account-2 Opened NULL -1)"
same "an id that is taken" 'ERROR:  duplicate key value violates unique constraint "messages_id"' \
  "$(client "SELECT write_message((SELECT id FROM messages LIMIT 1)::varchar, 'account-3', 'Opened', '{}')" | head -1)"
same "messages after an id that is taken" 4 "$(client "SELECT count(*) FROM messages")"
is "data that is no object" "ERROR:  data and metadata of a message must be JSON objects" \
  "SELECT write_message(gen_random_uuid()::varchar, 'account-3', 'Opened', '[1]')"
for names in "'', 'Opened'" "NULL, 'Opened'" "'account-3', ''" "'account-3', NULL"; do
  is "names $names" "ERROR:  stream name and type of a message must not be empty" "SELECT write_message(gen_random_uuid()::varchar, $names, '{}')"
done
is "a long name" "ERROR:  stream name and type of a message may have 1024 bytes, found 1025 and 1" \
  "SELECT write_message(gen_random_uuid()::varchar, repeat('x', 1025), 'T', '{}')"
is "a long type" "ERROR:  stream name and type of a message may have 1024 bytes, found 1 and 1026" \
  "SELECT write_message(gen_random_uuid()::varchar, 'a', repeat('ü', 513), '{}')"
is "large data" "ERROR:  data and metadata of a message may have 1048576 bytes, found 1048585
HINT:  message_store.max_message_bytes allows more." \
  "SELECT write_message(gen_random_uuid()::varchar, 'account-3', 'T', jsonb_build_object('t', repeat('x', 1048575)), '{}')"
is "a limit of their own" "ERROR:  data and metadata of a message may have 10 bytes, found 16
HINT:  message_store.max_message_bytes allows more." \
  "SET message_store.max_message_bytes = 10; SELECT write_message(gen_random_uuid()::varchar, 'account-3', 'T', '{\"t\": \"12345678\"}')"
same "messages after what was refused" 4 "$(client "SELECT count(*) FROM messages")"
write account >/dev/null  # a category itself
is "stream version" "2||0" "SELECT stream_version('account-1'), stream_version('account-9'), stream_version('account')"

# --- reading ---

columns="stream_name, type, position, global_position, data, metadata"
is "a stream" 'account-1|Opened|0|1|{"attribute":"some value"}|
account-1|Deposited|1|2|{"attribute":"some value"}|{"correlationStreamName":"teller-9"}
account-1|Deposited|2|3|{"attribute":"some value"}|' "SELECT $columns FROM get_stream_messages('account-1')"
is "a part of a stream" "1|2" "SELECT position, global_position FROM get_stream_messages('account-1', 1, 1)"
is "a batch without bounds" "3" "SELECT count(*) FROM get_stream_messages('account-1', 0, -1)"
is "a stream that is a category" "ERROR:  Must be a stream name: account" "SELECT * FROM get_stream_messages('account')"
is "the type of a row" "uuid|timestamp without time zone" \
  "SELECT pg_typeof(id::uuid), pg_typeof(time) FROM get_stream_messages('account-1') LIMIT 1"
is "time" t "SELECT abs(extract(epoch FROM now() AT TIME ZONE 'utc' - time)) < 600 FROM get_stream_messages('account-1') LIMIT 1"

is "a category" "account-1|0|1
account-1|1|2
account-1|2|3
account-2|0|4
account|0|5" "SELECT stream_name, position, global_position FROM get_category_messages('account')"
is "a category from a position on" "3
4" "SELECT global_position FROM get_category_messages('account', 3, 2)"
is "a category without bounds" 5 "SELECT count(*) FROM get_category_messages('account', 1, -1)"
is "correlated" 2 "SELECT global_position FROM get_category_messages('account', correlation => 'teller')"
is "not a category" "ERROR:  Must be a category: account-1" "SELECT * FROM get_category_messages('account-1')"
is "a correlation that is a stream" "ERROR:  Correlation must be a category (Correlation: teller-9)" \
  "SELECT * FROM get_category_messages('account', correlation => 'teller-9')"
is "the first of two" "account-1" \
  "SELECT DISTINCT stream_name FROM get_category_messages('account', consumer_group_member => 0, consumer_group_size => 2)"
is "the second of two" "account-2" \
  "SELECT DISTINCT stream_name FROM get_category_messages('account', consumer_group_member => 1, consumer_group_size => 2)"
is "a correlated group" "2" \
  "SELECT global_position FROM get_category_messages('account', correlation => 'teller', consumer_group_member => 0, consumer_group_size => 2)"
group() { # group MEMBER SIZE: the words of the refusal
  client "SELECT * FROM get_category_messages('account', consumer_group_member => $1, consumer_group_size => $2)" | grep ERROR
}
same "no size" "ERROR:  Consumer group member and size must be specified (Consumer Group Member: 0, Consumer Group Size: <NULL>)" "$(group 0 NULL)"
same "no member" "ERROR:  Consumer group member and size must be specified (Consumer Group Member: <NULL>, Consumer Group Size: 1)" "$(group NULL 1)"
same "a size of 0" "ERROR:  Consumer group size must not be less than 1 (Consumer Group Member: 0, Consumer Group Size: 0)" "$(group 0 0)"
same "a member below 0" "ERROR:  Consumer group member must not be less than 0 (Consumer Group Member: -1, Consumer Group Size: 1)" "$(group -1 1)"
same "a member that is the size" "ERROR:  Consumer group member must be less than the group size (Consumer Group Member: 1, Consumer Group Size: 1)" "$(group 1 1)"

is "the last message" "Deposited|2" "SELECT type, position FROM get_last_stream_message('account-1')"
is "the last one of a type" "Opened|0" "SELECT type, position FROM get_last_stream_message('account-1', 'Opened')"
is "the last one of no stream" "" "SELECT * FROM get_last_stream_message('account-9')"

is "a condition" "ERROR:  Retrieval with SQL condition is not activated" \
  "SELECT * FROM get_stream_messages('account-1', condition => 'position = 1')"
is "a condition, switched off" "ERROR:  Retrieval with SQL condition is not activated" \
  "SET message_store.sql_condition = off; SELECT * FROM get_category_messages('account', condition => 'position = 1')"
is "a condition, switched on" 1 \
  "SET message_store.sql_condition = on; SELECT position FROM get_stream_messages('account-1', condition => 'position = 1')"
is "a condition on JSON" 2 \
  "SET message_store.sql_condition = on; SELECT global_position FROM get_category_messages('account', condition => 'messages.metadata->>''correlationStreamName'' = ''teller-9''')"
is "a condition beside correlation and group" 2 \
  "SET message_store.sql_condition = on; SELECT global_position FROM get_category_messages('account', 1, 10, 'teller', 0, 2, 'type = ''Deposited''')"
CHECKS=$((CHECKS + 1))
client "SET message_store.debug_write = on; SELECT write_message(gen_random_uuid()::varchar, 'other-1', 'T', '{}')" | grep -q "NOTICE:.*position 0" ||
  fail "no notices"

# --- views ---

is "messages" 'account-1|2|{"attribute": "some value"}' "SELECT stream_name, global_position, data FROM messages WHERE type = 'Deposited' AND metadata IS NOT NULL"
is "stream_summary" "account|1|16.67
account-1|3|50.00
account-2|1|16.67
other-1|1|16.67" "SELECT * FROM stream_summary"
is "type_summary" "Deposited|2|33.33
Opened|2|33.33
Placed|1|16.67
T|1|16.67" "SELECT * FROM type_summary"
is "stream_type_summary" "account-1|Deposited|2|33.33" "SELECT * FROM stream_type_summary WHERE message_count > 1"
is "type_stream_summary" "Deposited|account-1|2|33.33" "SELECT * FROM type_stream_summary WHERE message_count > 1"
is "category_type_summary" "account|Deposited|2|33.33
account|Opened|2|33.33" "SELECT * FROM category_type_summary WHERE message_count > 1"
is "type_category_summary" "Opened|account|2|33.33" "SELECT * FROM type_category_summary WHERE type = 'Opened'"

# --- what the role may and may not ---

is "tables" "ERROR:  permission denied for table stored_messages" "SELECT * FROM public.stored_messages"
owner "INSERT INTO message_namespaces (id, token_hash, description, metadata, created_at) VALUES ('secret', '', '', '', now());
  INSERT INTO message_streams SELECT ns, 1, 1, 'account-7', 0, 0, 0 FROM message_namespaces WHERE id = 'secret';
  INSERT INTO message_categories SELECT ns, 1, 'account', 1, 1 FROM message_namespaces WHERE id = 'secret';
  INSERT INTO stored_messages SELECT 1, 1, 0, 1, 0, ns, gen_random_uuid(), 'T', NULL, '{}', NULL FROM message_namespaces WHERE id = 'secret'"
is "streams of another namespace" "" "SELECT * FROM get_stream_messages('account-7')"
is "messages of another namespace" 0 "SELECT count(*) FROM messages WHERE stream_name = 'account-7'"
is "categories of another namespace" 5 "SELECT count(*) FROM get_category_messages('account')"
CHECKS=$((CHECKS + 1))
client "CREATE TEMP TABLE message_namespaces (ns integer, id text, last_global_position bigint, streams bigint, categories bigint);
  SELECT write_message(gen_random_uuid()::varchar, 'other-1', 'T', '{}')" | grep -qx 1 || fail "a table of the caller was taken for ours"

# --- a restore takes the functions to the new tables ---

export LOGCTL_BACKUP_DIR=$WORK/backups LOGCTL_BACKUP_MIN_FREE=0
before=$(client "SELECT * FROM messages ORDER BY global_position")
"$LOGCTL" backup create -q >/dev/null 2>"$WORK/err" || fail "$(cat "$WORK/err")"
"$LOGCTL" backup drill -q >/dev/null 2>"$WORK/err" || fail "$(cat "$WORK/err")"
write account-1 >/dev/null
"$LOGCTL" backup restore latest --confirm "${database##*/}" >/dev/null 2>"$WORK/err" || fail "$(cat "$WORK/err")"
same "messages after a restore" "$before" "$(client "SELECT * FROM messages ORDER BY global_position")"
same "the next position after a restore" 3 "$(write account-1)"
migrate verify >"$WORK/verify" || fail "$(cat "$WORK/verify" "$WORK/err")"

echo "message-db: $CHECKS checks passed"
