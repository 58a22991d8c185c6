// Compressed days of a hypertable, and what the doctor says of it.
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/rows.h"
#include "shared/storage/postgres/timescale.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::storage::postgres {
namespace {

constexpr const char* kSchema =
    "SELECT quote_ident(n.nspname), e.extversion, "
    "coalesce(current_setting('timescaledb.license', true), '') = 'apache' "
    "FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
    "WHERE e.extname = 'timescaledb'";
// 1: compressed, and nothing has come since.
constexpr const char* kDays =
    "SELECT c.relname, _timescaledb_functions.chunk_status(c.oid) = 1 "
    "FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
    "WHERE i.inhparent = 'logs'::regclass ORDER BY c.relname";

bool is_true(const pqxx::field& field) { return std::string_view(field.c_str()) == "t"; }

bool is_hypertable(Session& session) {
  return !session.run("SELECT 1 FROM pg_class WHERE oid = to_regclass('logs') AND relkind = 'r'")
              .empty();
}

}  // namespace

std::vector<std::chrono::sys_days> uncompressed_days(Session& session, Timestamp before) {
  std::vector<std::chrono::sys_days> days;
  if (!is_hypertable(session)) return days;
  for (const auto& row : session.run(kDays)) {
    const auto day = partition_day(row[0].c_str());
    if (!day || is_true(row[1])) continue;
    if (Timestamp(*day + std::chrono::days(1)) <= before) days.push_back(*day);
  }
  std::ranges::sort(days);
  return days;
}

void compress_day(Session& session, std::chrono::sys_days day) {
  const pqxx::result extension = session.run(kSchema);
  if (extension.empty()) return;
  // Whoever wants to read the day waits behind this as long as it waits for somebody.
  session.run("SET LOCAL lock_timeout = '500ms'");
  session.run("SET LOCAL statement_timeout = 0");
  session.run(fmt::format("SELECT {}.compress_chunk($1::regclass)", extension[0][0].c_str()),
              {partition_name(day)});
}

std::uint64_t bytes_of_day(Session& session, std::chrono::sys_days day) {
  const std::string name = partition_name(day);
  const pqxx::result found = session.run(
      "SELECT coalesce(pg_total_relation_size(to_regclass($1)), 0)::bigint, "
      "to_regclass('_timescaledb_catalog.compression_settings') IS NOT NULL",
      {name});
  auto bytes = static_cast<std::uint64_t>(read_integer(found[0][0]));
  if (!is_true(found[0][1])) return bytes;
  const pqxx::result compressed = session.run(
      "SELECT coalesce(sum(pg_total_relation_size(compress_relid)), 0)::bigint FROM "
      "_timescaledb_catalog.compression_settings WHERE relid = to_regclass($1)",
      {name});
  return bytes + static_cast<std::uint64_t>(read_integer(compressed[0][0]));
}

std::optional<Symptom> examine_timescale(Session& session, Partitioning wanted) {
  using Grade = Symptom::Grade;
  constexpr const char* kName = "timescaledb";
  if (!is_hypertable(session)) {
    if (wanted != Partitioning::timescale) return std::nullopt;
    return Symptom{kName, Grade::warning,
                   "storage.partitioning is `timescale`, but this store has day partitions",
                   "set it to `auto` or `native`, or move the records to a new store"};
  }
  const pqxx::result extension = session.run(kSchema);
  if (extension.empty()) {
    return Symptom{kName, Grade::failed,
                   "the store needs the extension timescaledb, which has gone",
                   "restore the database, or the store from a backup"};
  }
  if (is_true(extension[0][2])) {
    return Symptom{kName, Grade::failed,
                   "timescaledb.license is `apache`: days can be neither made nor compressed",
                   "set timescaledb.license to `timescale`"};
  }
  std::size_t all = 0;
  std::size_t compressed = 0;
  std::vector<std::string> strays;
  for (const auto& row : session.run(kDays)) {
    ++all;
    if (is_true(row[1])) ++compressed;
    if (!partition_day(row[0].c_str())) strays.emplace_back(row[0].c_str());
  }
  if (!strays.empty()) {
    return Symptom{
        kName, Grade::warning,
        fmt::format("{} chunks are not known as days, such as {}", strays.size(), strays.front()),
        "`logctl maintenance run --task upkeep` names those of one day"};
  }
  return Symptom{
      kName, Grade::ok,
      fmt::format("{}, {} of {} days compressed", extension[0][1].c_str(), compressed, all)};
}

}  // namespace logctl::storage::postgres
