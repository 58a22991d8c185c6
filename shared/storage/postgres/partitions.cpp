#include "shared/storage/postgres/partitions.h"

#include "shared/storage/postgres/rollup_writer.h"
#include "shared/storage/postgres/timescale.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kPrefix = "logs_";
constexpr std::string_view kWhat = "make a partition";

std::int64_t unix_seconds(std::chrono::sys_days day) {
  return std::chrono::seconds(day.time_since_epoch()).count();
}

}  // namespace

std::optional<std::chrono::sys_days> partition_day(std::string_view name) {
  if (!name.starts_with(kPrefix) || name.size() != kPrefix.size() + 8) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  unsigned number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  const std::chrono::year_month_day day(std::chrono::year(static_cast<int>(number / 10000)),
                                        std::chrono::month(number / 100 % 100),
                                        std::chrono::day(number % 100));
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day);
}

std::string partition_name(std::chrono::sys_days day) {
  const std::chrono::year_month_day parts(day);
  const int year = static_cast<int>(parts.year());
  return fmt::format("{}{}{:04}{:02}{:02}", kPrefix, year < 0 ? "m" : "", year < 0 ? -year : year,
                     static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()));
}

void Partitions::forget() {
  const Lock lock(mutex_);
  known_.clear();
}

bool Partitions::known(std::chrono::sys_days day) {
  const Lock lock(mutex_);
  return known_.contains(day);
}

void Partitions::learn(Connection& connection) {
  const Result names = connection.execute(
      "list the partitions",
      "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
      "WHERE i.inhparent = 'logs'::regclass AND NOT i.inhdetachpending");
  const Lock lock(mutex_);
  for (int row = 0; row < names.rows(); ++row) {
    if (const auto day = partition_day(names.value(row, 0))) known_.insert(*day);
  }
}

void Partitions::ensure(Connection& connection, std::span<const std::chrono::sys_days> days) {
  bool looked = false;
  for (const std::chrono::sys_days day : days) {
    if (known(day)) continue;
    if (!looked) {
      learn(connection);
      looked = true;
      if (known(day)) continue;
    }
    make(connection, day);
    const Lock lock(mutex_);
    known_.insert(day);
  }
}

void Partitions::adopt(Connection& connection) {
  for (const std::chrono::sys_days day : stray_chunks(connection)) make(connection, day);
}

void Partitions::make(Connection& connection, std::chrono::sys_days day) {
  const std::string name = partition_name(day);
  try {
    connection.execute(kWhat,
                       "BEGIN ISOLATION LEVEL READ COMMITTED; "
                       "SELECT pg_advisory_xact_lock(hashtext('logctl partitions'), "
                       "'logs'::regclass::oid::int4)");
    const Result there = connection.execute(
        kWhat, fmt::format("SELECT 1 FROM pg_inherits WHERE inhparent = 'logs'::regclass AND "
                           "inhrelid = to_regclass('{}')",
                           name));
    if (there.rows() == 0 && is_hypertable(connection)) {
      // A chunk that was there has rows that nobody has counted: upkeep does.
      if (make_chunk(connection, day)) connection.execute(kWhat, begin_rollups(day, name));
    } else if (there.rows() == 0) {
      // CREATE TABLE ... PARTITION OF would lock all of `logs` against readers and writers;
      // attaching does not.
      connection.execute(
          kWhat, fmt::format("CREATE TABLE {0} (LIKE logs INCLUDING ALL); {3}{4}"
                             "ALTER TABLE logs ATTACH PARTITION {0} "
                             "FOR VALUES FROM (to_timestamp({1})) TO (to_timestamp({2}))",
                             name, unix_seconds(day), unix_seconds(day + std::chrono::days(1)),
                             begin_rollups(day, name), subtract_deletions(name)));
    }
    connection.execute(kWhat, "COMMIT");
  } catch (const ServerError& error) {
    if (error.fault() == Fault::connection) throw;
    connection.execute(kWhat, "ROLLBACK");
    // A partition that somebody made for a longer time already takes this day.
    if (error.sqlstate() != "42P17" && error.sqlstate() != kChunkCollision) throw;
  }
}

}  // namespace logctl::storage::postgres
