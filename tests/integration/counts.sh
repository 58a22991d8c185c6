#!/bin/bash
# Counts through a real daemon and on the store: the same answers, bound to what a key may see, right after everything that
# came in twice or late.
# Usage: counts.sh sqlite, or with_postgres.sh counts.sh postgres
. "$(dirname "$0")/../support/daemon.sh"

use_store "$1"
start_daemon
make_key
export LOGCTL_API_KEY=$KEY

batch() { printf '{"logs":['; for n in $(seq "$1" "$2"); do
  [ "$n" = "$1" ] || printf ','
  printf '{"event_id":"e-%s","timestamp":"2026-01-%02dT10:%02d:30Z","event_type":"error","event_name":"n","service":"%s","level":"%s","user_id":"u-%s","properties":{"ms":%s}}' \
    "$n" $((10 + n % 3)) $((n % 60)) "$([ $((n % 4)) = 0 ] && echo pay || echo shop)" "$([ $((n % 5)) = 0 ] && echo ERROR || echo INFO)" $((n % 7)) "$n"
done; printf ']}'; }
send() { batch "$1" "$2" >"$WORK/batch.json"; request POST /api/v1/batch-ingest --data-binary "@$WORK/batch.json"; expect 201; all_in_store; }
# get PATH [NAME=VALUE]...
get() { local path=$1 arguments=() p; shift; for p in "$@"; do arguments+=(--data-urlencode "$p"); done; request GET "$path" -G "${arguments[@]}"; }

send 1 120
send 61 180  # half of it again

get /api/v1/logs/hits step=1d group=service since=2026-01-10T00:00:00Z until=2026-01-13T00:00:00Z
expect 200 .data.total 180 .data.cut false '.data.result[0].metric.service' shop '.data.result[0].total' 135 \
  '[.data.result[].values[][1]] | add' 180 '.data.result[0].values | length' 3
get /api/v1/logs/hits step=1m 'q=level:error' since=2026-01-10T10:00:00Z until=2026-01-10T11:00:00Z
same "steps" 60 "$(answer '.data.result[0].values | length')"
errors=$(answer .data.total)
get /api/v1/logs/filter 'q=level:error' start_time=2026-01-10T10:00:00Z end_time=2026-01-10T11:00:00Z
same "errors of an hour, counted and listed" "$(answer .data.total_count)" "$errors"
get /api/v1/logs/facets limit=1
expect 200 .data.total 180 .data.cut false '.data.fields[] | select(.field == "service") | .values[0].count' 135
get /api/v1/logs/fields sample=10
expect 200 .data.cut true .data.rows 10 .data.total 180 '.data.fields[] | select(.field == "level") | .rows' 180
get /api/v1/logs/fields/user_id/values prefix=u- limit=2
expect 200 .data.distinct 7 .data.cut true '.data.values | length' 2
get /api/v1/logs/stats by=level 'calc=distinct(user_id),max(properties.ms),p50(properties.ms)'
expect 200 '.data.rows[0].group.level' INFO '.data.rows[0].count' 144 '.data.rows[0]["distinct(user_id)"]' 7 '.data.rows[1]["max(properties.ms)"]' 180
get /api/v1/metrics
expect 200 .data.total_logs 180

# What is wrong is said.
get /api/v1/logs/hits step=7m
expect 400 .error invalid_parameter '.details[0].field' step
get /api/v1/logs/fields/servce/values
expect 400 '.details[0].message' 'unknown field `servce`, did you mean service?'
get /api/v1/logs/stats 'calc=sum(service)'
expect 400

# The store and the daemon say the same.
for ask in "hits --step 1h --group level --since 2026-01-10T00:00:00Z --until 2026-01-11T00:00:00Z" "facets" "fields" "fields service" \
  "stats --by service --calc sum(properties.ms),avg(properties.ms),p95(properties.ms)" "hits --step 1d level>=error --until 2026-01-20T00:00:00Z"; do
  read -ra words <<<"$ask"
  same "$ask" "$("$LOGCTL" "${words[@]}" -o json)" "$("$LOGCTL" "${words[@]}" -o json --url "$URL")"
done
status=0
LOGCTL_API_KEY=nonsense "$LOGCTL" hits --url "$URL" >"$WORK/out" 2>"$WORK/err" || status=$?
same "exit status without a key" 4 "$status"


# Two spellings of one severity are one value, on the store, through the daemon and in a file.
printf '{"event_id":"w%s","timestamp":"2026-01-11T12:00:0%sZ","level":"%s","message":"m"}\n' 1 1 WARN 2 2 warning 3 3 Warning >"$WORK/levels.jsonl"
"$LOGCTL" ingest "$WORK/levels.jsonl" -q >/dev/null
for from in "" "--url $URL" "--file $WORK/levels.jsonl"; do
  read -ra where <<<"$from"
  same "levels ${from:-of the store}" 3 "$("$LOGCTL" fields level 'level:warn' "${where[@]}" -o json | jq '.values[] | select(.value == "WARN") | .count')"
  same "one series ${from:-of the store}" 1 "$("$LOGCTL" hits --step 1d --group level level:warning "${where[@]}" -o json | jq '.result | length')"
done

# A key that is bound to some rows counts these.
make_key --only service=pay
get /api/v1/logs/hits step=1d
expect 200 .data.total 45
get /api/v1/logs/fields/service/values
expect 200 .data.distinct 1 .data.rows 45
make_key --tenant other
get /api/v1/logs/facets
expect 200 .data.rows 0 .data.total 0

stop_daemon
echo "counts on $1: $CHECKS checks"
