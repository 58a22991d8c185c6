#include "shared/storage/postgres/rollup_writer.h"

#include "shared/base/time_text.h"
#include "shared/storage/minute_groups.h"
#include "shared/storage/postgres/array_text.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace logctl::storage::postgres {
namespace {

std::int64_t unix_seconds(std::chrono::sys_days day) {
  return std::chrono::seconds(day.time_since_epoch()).count();
}

// As arrays: a list of values takes the server several times as long to read.
void add_deltas(std::string& sql, Connection& connection, const MinuteGroups& groups) {
  if (groups.counts().empty()) return;
  ArrayText starts;
  ArrayText tenants;
  ArrayText services;
  ArrayText levels;
  ArrayText types;
  ArrayText names;
  ArrayText rows;
  for (const MinuteCount& count : groups.counts()) {
    starts.add(count.minute / 1'000'000);
    tenants.add(count.tenant);
    services.add_optional(count.service);
    levels.add_optional(count.level);
    types.add_optional(count.event_type);
    names.add_optional(count.event_name);
    rows.add(count.rows);
  }
  sql +=
      "INSERT INTO rollup_deltas (minute, tenant, service, level, event_type, event_name, n) "
      "SELECT to_timestamp(start), tenant, service, level, event_type, event_name, n FROM unnest(";
  fmt::format_to(std::back_inserter(sql), "'{}'::bigint[]", starts.text());
  for (const ArrayText* texts : {&tenants, &services, &levels, &types, &names}) {
    fmt::format_to(std::back_inserter(sql), ", {}::text[]", connection.quote(texts->text()));
  }
  fmt::format_to(std::back_inserter(sql),
                 ", '{}'::bigint[]) AS counted (start, tenant, service, level, event_type, "
                 "event_name, n); ",
                 rows.text());
}

// Without a look at what is there: a mark that was seen may be taken away by a count that does not
// see our rows.
std::string mark(std::chrono::sys_days day, Timestamp now, Grain becomes) {
  return fmt::format(
      "INSERT INTO rollup_marks (day, marked_at, coarse) VALUES ((to_timestamp({}) AT TIME ZONE "
      "'UTC')::date, '{}', {}); ",
      unix_seconds(day), format_rfc3339(now), becomes == Grain::hours);
}

}  // namespace

std::string add_to_rollups(Connection& connection, std::span<Row* const> rows, Timestamp now) {
  std::string sql;
  for (std::size_t first = 0; first < rows.size();) {
    const auto day = day_of(rows[first]->record->timestamp);
    std::size_t end = first;
    while (end < rows.size() && day_of(rows[end]->record->timestamp) == day) ++end;
    MinuteGroups groups(end - first);
    for (std::size_t i = first; i < end; ++i) {
      if (rows[i]->outcome != Outcome::stored) continue;
      groups.add(*rows[i]->record, stored_tenant(*rows[i]->record));
    }
    if (groups.too_many()) {
      sql += mark_stale(day, now);
    } else {
      add_deltas(sql, connection, groups);
      if (groups.grain() == Grain::hours) sql += mark(day, now, Grain::hours);
    }
    first = end;
  }
  return sql;
}

std::string mark_stale(std::chrono::sys_days day, Timestamp now) {
  return mark(day, now, Grain::none);
}

std::string begin_rollups(std::chrono::sys_days day, std::string_view partition) {
  const std::string date =
      fmt::format("(to_timestamp({}) AT TIME ZONE 'UTC')::date", unix_seconds(day));
  const std::string minutes =
      fmt::format("minute >= to_timestamp({}) AND minute < to_timestamp({})", unix_seconds(day),
                  unix_seconds(day + std::chrono::days(1)));
  return fmt::format(
      "{0}; DELETE FROM rollups WHERE {1}; DELETE FROM rollup_deltas WHERE {1}; "
      "DELETE FROM rollup_sums WHERE day = to_timestamp({4}); "
      "DELETE FROM rollup_marks WHERE day = {2}; "
      "INSERT INTO rollup_days (day, partition) VALUES ({2}, '{3}'::regclass::oid) "
      "ON CONFLICT (day) DO UPDATE SET partition = excluded.partition; ",
      lock_rollups(), minutes, date, partition, unix_seconds(day));
}

std::string subtract_deletions(std::string_view partition) {
  return fmt::format(
      "CREATE TRIGGER logs_uncount AFTER DELETE ON {} REFERENCING OLD TABLE AS gone "
      "FOR EACH STATEMENT EXECUTE FUNCTION uncount_deleted(); ",
      partition);
}

std::string lock_rollups() {
  return "SELECT pg_advisory_xact_lock(hashtext('logctl rollups'), 'rollups'::regclass::oid::int4)";
}

}  // namespace logctl::storage::postgres
