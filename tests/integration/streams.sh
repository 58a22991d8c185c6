#!/bin/bash
# Streams on the command line, straight on the store and through a daemon: the same answers; a live tail that misses
# nothing; export and import that give back every byte, also after a kill. Usage: streams.sh sqlite|postgres
. "$(dirname "$0")/../support/daemon.sh"
: "${MESSAGES:?path of the logctl-messages binary}"

use_store "$1"
[ "$1" = sqlite ] || "$LOGCTL" migrate up >/dev/null
streams() { "$LOGCTL" streams "$@"; }
# status COMMAND...: how it ended
status() { local s=0; "$@" >"$WORK/out" 2>"$WORK/err" || s=$?; echo "$s"; }

# a namespace: its token once, a second one is refused
token=$("$LOGCTL" namespaces create default --description 'for orders')
same "form of the token" yes "$([[ $token =~ ^ns_ZGVmYXVsdA_[0-9a-f]{64}$ ]] && echo yes)"
same "the same again" 6 "$(status "$LOGCTL" namespaces create default)"
same "no such namespace" 5 "$(status streams write a-1 T '{}' --namespace nowhere)"

start_daemon
export LOGCTL_TOKEN=$token
make_key --scopes admin
# The same on the store and through the daemon, each with a stream of its own.
for way in store daemon; do
  url=()
  [ "$way" = store ] || url=(--url "$URL")
  stream=order-$way
  write() { streams write "$stream" "$@" "${url[@]}" -o json; }
  same "first position" 0 "$(write Placed '{"n": 12345678901234567890123, "t":"ü \u00e4"}' | jq .position)"
  same "next position" 1 "$(echo '{"n":2}' | write Paid - --metadata '{"correlationStreamName":"basket-1"}' --expected-version 0 | jq .position)"
  same "a conflict" 6 "$(status write Paid '{}' --expected-version 0)"
  same "words of the conflict" yes "$(grep -q 'expected version 0, found 1' "$WORK/err" && echo yes || cat "$WORK/err")"
  same "a stream that must not exist" 6 "$(status write Paid '{}' --expected-version -1)"
  id=0198c2a0-0000-7000-8000-00000000000${#way}
  same "with an id" 2 "$(write Sent '{"a":1}' --id "$id" | jq .position)"
  same "the same again is no second message" 2 "$(write Sent '{"a":1}' --id "$id" | jq .position)"
  same "the id with other content" 6 "$(status write Sent '{"a":2}' --id "$id")"
  same "version" 2 "$(streams version "$stream" "${url[@]}")"
  same "version of none" 5 "$(status streams version nothing-1 "${url[@]}")"
  same "last" Sent "$(streams last "$stream" "${url[@]}" -o json | jq -r .type)"
  same "last of a type" 0 "$(streams last "$stream" --type Placed "${url[@]}" -o json | jq .position)"
  same "last of no type" 5 "$(status streams last "$stream" --type Lost "${url[@]}")"
  same "every digit" '{"n":12345678901234567890123,"t":"ü \u00e4"}' "$(streams read "$stream" --limit 1 "${url[@]}" -o csv | sed -n 2p | sed 's/.*,"{/"{/; s/",\r*$//; s/^"//; s/""/"/g')"
  same "from" '1 2' "$(streams read "$stream" --from 1 "${url[@]}" -o jsonl | jq .position | xargs)"
  same "limit" 1 "$(streams read "$stream" --limit 1 "${url[@]}" -o jsonl | wc -l)"
  same "nothing there" '[]' "$(streams read none-1 "${url[@]}" -o json | tr -d '\n')"
  same "dry run" 3 "$(streams write "$stream" T '{}' --dry-run "${url[@]}" -o json | jq .position)"
  same "dry run of what is there" 2 "$(streams write "$stream" Sent '{"a":1}' --id "$id" --dry-run "${url[@]}" -o json | jq .position)"
  same "dry run of an id with other content" 6 "$(status streams write "$stream" Sent '{"a":2}' --id "$id" --dry-run "${url[@]}")"
  same "dry run with a new id" 3 "$(streams write "$stream" Sent '{}' --id "${id/c2a0/c2a1}" --dry-run "${url[@]}" -o json | jq .position)"
  same "dry run at the wrong version" 6 "$(status streams write "$stream" Sent '{}' --id "${id/c2a0/c2a1}" --expected-version 0 --dry-run "${url[@]}")"
  same "nothing was written" 2 "$(streams version "$stream" "${url[@]}")"
  same "no object" 2 "$(status streams write "$stream" T '[1]' "${url[@]}")"
  same "a size that is too much" "$([ "$way" = store ] && echo 2 || echo 1)" \
    "$(head -c 1200000 /dev/zero | tr '\0' x | sed 's/.*/{"t":"&"}/' | status streams write "$stream" T - "${url[@]}")"
done
same "both ways the same" "$(streams read order-store -o jsonl | jq -c '[.type,.position,.data,.metadata]')" \
  "$(streams read order-daemon --url "$URL" -o jsonl | jq -c '[.type,.position,.data,.metadata]')"

# categories, groups, correlation: the same from both ends
for arguments in "--category order" "--all" "--category order --correlation basket" "--category order --group 0/2" \
  "--category order --group 1/2" "--category order --from 3 --limit 2"; do
  # shellcheck disable=SC2086  # words on purpose
  same "read $arguments" "$(streams read $arguments -o jsonl)" "$(streams read $arguments --url "$URL" -o jsonl)"
done
same "the members of a group share a category" 6 \
  "$(for member in 0 1 2; do streams read --category order --group $member/3 -o jsonl; done | jq -r .id | sort -u | wc -l)"
same "correlated" 2 "$(streams read --category order --correlation basket -o jsonl | wc -l)"
same "list" "$(streams list -o jsonl)" "$(streams list --url "$URL" -o jsonl)"
same "prefix" order-store "$(streams list --prefix order-s --url "$URL" | cut -f 1)"
same "categories" "$(printf 'order\t2\t6')" "$(streams categories)"
same "categories of the daemon" "$(streams categories)" "$(streams categories --url "$URL")"

# tokens
same "no token" 4 "$(LOGCTL_TOKEN='' status env -u LOGCTL_TOKEN "$LOGCTL" streams list --url "$URL")"
same "a wrong token" 4 "$(LOGCTL_TOKEN=ns_ZGVmYXVsdA_$(printf 'a%.0s' {1..64}) status "$LOGCTL" streams list --url "$URL")"
same "a token in a file" 0 "$(printf '%s\n' "$token" >"$WORK/token"; status env -u LOGCTL_TOKEN "$LOGCTL" streams list --url "$URL" --token-file "$WORK/token")"
same "a namespace that is not the token's" 2 "$(status streams list --url "$URL" --namespace other)"

# namespaces through the daemon need an admin key
namespaces() { LOGCTL_API_KEY=$KEY "$LOGCTL" namespaces "$@" --url "$URL"; }
other=$(namespaces create 'über_all-1' --description 'by HTTP' --metadata '{"n": 12345678901234567890123}')
same "form of its token" yes "$([[ $other =~ ^ns_[A-Za-z0-9_-]+_[0-9a-f]{64}$ ]] && echo yes)"
same "not without the key" 4 "$(LOGCTL_TOKEN=$other status "$LOGCTL" namespaces list --url "$URL")"
same "list" "über_all-1 default" "$(namespaces list | cut -f 1 | xargs)"
same "metadata keeps its digits" '{"n":12345678901234567890123}' "$(namespaces info 'über_all-1' -o json | grep -o '{"n":[^}]*}')"
same "both lists" "$("$LOGCTL" namespaces list)" "$(namespaces list)"
LOGCTL_TOKEN=$other streams write x-1 T '{}' --url "$URL" >/dev/null
same "its own streams" x-1 "$(streams list --namespace 'über_all-1' | cut -f 1)"
same "figures" '1 1' "$(namespaces info 'über_all-1' -o json | jq -r '"\(.messageCount) \(.streamCount)"')"
newer=$(namespaces rotate-token 'über_all-1')
same "the new token" 0 "$(LOGCTL_TOKEN=$newer status "$LOGCTL" streams list --url "$URL")"
old_is_refused() { [ "$(LOGCTL_TOKEN=$other status "$LOGCTL" streams list --url "$URL")" = 4 ]; }
until_true 20 old_is_refused || fail "the old token still works"
same "delete without a word" 2 "$(status namespaces delete 'über_all-1')"
same "delete of another" 6 "$(status namespaces delete 'über_all-1' --confirm default)"
same "what a dry run would delete" 1 "$(namespaces delete 'über_all-1' --dry-run -o json | jq .messagesDeleted)"
same "deleted" 1 "$(namespaces delete 'über_all-1' --confirm 'über_all-1' -o json | jq .messagesDeleted)"
same "gone" 5 "$(status namespaces info 'über_all-1')"
gone_is_refused() { [ "$(LOGCTL_TOKEN=$newer status "$LOGCTL" streams list --url "$URL")" = 4 ]; }
until_true 20 gone_is_refused || fail "the token of a namespace that is gone still works"

# live: what comes is shown once, on the store and through the daemon, also when the daemon was away
"$LOGCTL" streams tail --category order --from 1 -o jsonl >"$WORK/tail.store" 2>"$WORK/tail.store.err" &
tails=($!)
"$LOGCTL" streams tail --category order --from 1 --url "$URL" -o jsonl >"$WORK/tail.daemon" 2>"$WORK/tail.daemon.err" &
tails+=($!)
"$LOGCTL" streams tail order-live --url "$URL" -o jsonl >"$WORK/tail.stream" 2>"$WORK/tail.stream.err" &
tails+=($!)
"$LOGCTL" streams tail --all --url "$URL" -o jsonl >"$WORK/tail.all" 2>"$WORK/tail.all.err" &
tails+=($!)
shows() { [ "$(wc -l <"$WORK/tail.$1")" -ge "$2" ]; }
until_true 20 shows store 6 || fail "the tail on the store shows $(cat "$WORK/tail.store" "$WORK/tail.store.err")"
until_true 20 shows daemon 6 || fail "the tail of the daemon shows $(cat "$WORK/tail.daemon" "$WORK/tail.daemon.err")"
# These two begin with what comes, which is known when the first one arrived.
warm() { streams write order-live T '{"warm":true}' >/dev/null; shows all 1 && shows stream 1; }
until_true 20 warm || fail "the tails do not begin: $(cat "$WORK"/tail.*.err)"
seen=$(wc -l <"$WORK/tail.all")
live_before=$(streams version order-live)
for n in 1 2 3; do streams write order-live T "{\"n\":$n}" --url "$URL" >/dev/null; done
stop_daemon
streams write order-live T '{"n":4}' >/dev/null
start_daemon
for n in 5 6; do streams write order-live T "{\"n\":$n}" --url "$URL" >/dev/null; done
all=$(streams read --category order --limit 0 -o jsonl | wc -l)
until_true 30 shows store "$all" || fail "the tail on the store shows $(wc -l <"$WORK/tail.store") of $all"
until_true 30 shows daemon "$all" || fail "the tail of the daemon shows $(wc -l <"$WORK/tail.daemon") of $all"
until_true 30 shows all $((seen + 6)) || fail "the tail of all shows $(wc -l <"$WORK/tail.all")"
last_shown() { [ "$(tail -n 1 "$WORK/tail.stream" | jq .position)" = $((live_before + 6)) ]; }
until_true 30 last_shown || fail "the tail of the stream shows $(tail -n 1 "$WORK/tail.stream")"
for pid in "${tails[@]}"; do kill "$pid"; wait "$pid" || true; done
for name in store daemon; do
  same "tail $name" "$(streams read --category order --limit 0 -o jsonl)" "$(cat "$WORK/tail.$name")"
done
same "positions of the stream without a gap" "" \
  "$(jq .position "$WORK/tail.stream" | awk 'NR > 1 && $1 != before + 1 { print before, $1 } { before = $1 }')"
same "positions of all without a repeat" "" "$(jq .globalPosition "$WORK/tail.all" | sort | uniq -d)"

# out and in: byte by byte, plain and compressed, from both ends
"$MESSAGES" generate --number 20000 >"$WORK/in.jsonl"
"$LOGCTL" namespaces create copy >/dev/null
copy() { streams "$@" --namespace copy; }
same "imported" 20000 "$(copy import "$WORK/in.jsonl" -q -o json | jq .imported)"
same "again: all of it is there" '0 20000' "$(copy import "$WORK/in.jsonl" -q -o json | jq -r '"\(.imported) \(.skipped)"')"
copy export --to "$WORK/out.jsonl" -q >/dev/null
same "the same bytes" "" "$(cmp "$WORK/in.jsonl" "$WORK/out.jsonl" 2>&1)"
copy export --to "$WORK/out.jsonl.gz" -q >/dev/null
copy export --to "$WORK/out.jsonl.zst" -q >/dev/null
same "gzip" "" "$(gzip -dc "$WORK/out.jsonl.gz" | cmp "$WORK/in.jsonl" - 2>&1)"
same "zstd" "" "$(zstd -qdc "$WORK/out.jsonl.zst" | cmp "$WORK/in.jsonl" - 2>&1)"
same "to standard output" "" "$(copy export | cmp "$WORK/in.jsonl" - 2>&1)"
same "two categories" "" "$(copy export --categories category3,category1 | cmp <(grep '"stream":"category[13]-' "$WORK/in.jsonl") - 2>&1)"
same "a span of time" "" "$(copy export --since 2026-01-01T01:00:00Z --until 2026-01-01T02:00:00Z |
  cmp <(grep '"time":"2026-01-01T01:' "$WORK/in.jsonl") - 2>&1)"
same "a file that is there" 6 "$(status copy export --to "$WORK/out.jsonl")"
same "verify" '0 20000 1000' "$(copy verify -o json | jq -r '.[0] | "\(.problems) \(.messages) \(.streams)"')"

copied=$(LOGCTL_API_KEY=$KEY "$LOGCTL" namespaces create copied --url "$URL")
LOGCTL_TOKEN=$copied streams import "$WORK/out.jsonl.zst" --url "$URL" -q >/dev/null
same "through the daemon" "" "$(LOGCTL_TOKEN=$copied streams export --url "$URL" | cmp "$WORK/in.jsonl" - 2>&1)"
same "equal digests" "$(copy verify -o jsonl | jq -r .digest)" "$(streams verify --namespace copied -o jsonl | jq -r .digest)"

# a file with an error: line and field, and what came before is there
{ head -n 1500 "$WORK/in.jsonl"; sed -n 1501p "$WORK/in.jsonl" | sed 's/"pos":1/"pos":-1/'; } >"$WORK/bad.jsonl"
"$LOGCTL" namespaces create bad >/dev/null
same "a bad line" 1 "$(status streams import "$WORK/bad.jsonl" --namespace bad -q)"
same "its place" yes "$(grep -q 'bad.jsonl: line 1501: field `pos`: expected a whole number from 0' "$WORK/err" && echo yes || cat "$WORK/err")"
same "what came before" 1500 "$("$LOGCTL" namespaces info bad -o json | jq .messageCount)"
same "other content at the same place" 6 "$(sed '1s/OrderPlaced/Other/;q' "$WORK/in.jsonl" | status streams import - --namespace bad -q)"
same "a check without a store" 0 "$(status streams import "$WORK/in.jsonl" --dry-run -q)"
same "force needs a word" 2 "$(status streams import "$WORK/in.jsonl" --force --namespace bad -q)"
same "force" 20000 "$(streams import "$WORK/in.jsonl" --force --confirm bad --namespace bad -q -o json | jq .imported)"
echo 'xx' >"$WORK/wrong.jsonl"
same "force with a file of something else" 1 "$(status streams import "$WORK/wrong.jsonl" --force --confirm bad --namespace bad -q)"
same "force begins anew" "" "$(streams export --namespace bad | cmp "$WORK/in.jsonl" - 2>&1)"
same "what comes next" 20001 "$(streams write category0-0 T '{}' --namespace bad -o json | jq .globalPosition)"

# kill -9 of an import and of an export: done again, they go on
"$LOGCTL" namespaces create killed >/dev/null
"$LOGCTL" streams import "$WORK/in.jsonl" --namespace killed -q >/dev/null 2>&1 &
run=$!
some_are_there() { ended "$run" || [ "$("$LOGCTL" namespaces info killed -o json | jq .messageCount)" -gt 2000 ]; }
until_true 60 some_are_there || fail "the import does not begin"
kill -9 "$run" 2>/dev/null || true
wait "$run" 2>/dev/null || true
same "imported and skipped" 20000 "$(streams import "$WORK/in.jsonl" --namespace killed -q -o json | jq '.imported + .skipped')"
same "after a kill" "" "$(streams export --namespace killed | cmp "$WORK/in.jsonl" - 2>&1)"
"$LOGCTL" streams export --namespace killed --to "$WORK/killed.jsonl.gz" -q >/dev/null 2>&1 &
run=$!
has_begun() { ended "$run" || [ -s "$WORK/killed.jsonl.gz.partial.state" ]; }
until_true 60 has_begun || fail "the export does not begin"
kill -9 "$run" 2>/dev/null || true
wait "$run" 2>/dev/null || true
[ -f "$WORK/killed.jsonl.gz" ] || streams export --namespace killed --to "$WORK/killed.jsonl.gz" --resume -q >/dev/null
same "an export that was killed" "" "$(gzip -dc "$WORK/killed.jsonl.gz" | cmp "$WORK/in.jsonl" - 2>&1)"

stop_daemon
echo "streams on $STORE: $CHECKS checks"
