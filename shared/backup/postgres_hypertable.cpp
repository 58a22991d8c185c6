#include "shared/backup/postgres_hypertable.h"

#include "shared/base/error.h"
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/table_copy.h"
#include "shared/storage/postgres/timescale.h"

#include <fmt/format.h>

#include <charconv>

namespace logctl::backup {
namespace {

using storage::postgres::Connection;
using storage::postgres::partition_day;
using storage::postgres::Result;

constexpr std::string_view kWhat = "make the hypertable";

}  // namespace

void require_named_chunks(Connection& connection) {
  storage::postgres::Partitions::adopt(connection);
  const Result found = connection.execute(
      "list the chunks",
      "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
      "WHERE i.inhparent = 'logs'::regclass");
  for (int row = 0; row < found.rows(); ++row) {
    if (partition_day(found.value(row, 0))) continue;
    throw Error(ErrorCode::conflict,
                fmt::format("chunk {} of the hypertable is not of one day (UTC), so it cannot be "
                            "backed up",
                            found.value(row, 0)),
                "move its records into chunks of one day");
  }
}

void make_empty_hypertable(Connection& connection, const Manifest& manifest) {
  connection.execute(kWhat, fmt::format("BEGIN; SET LOCAL search_path = {}",
                                        storage::postgres::quoted_name(manifest.schema)));
  storage::postgres::require_timescale(connection);
  storage::postgres::turn_into_hypertable(connection);
  for (const Partition& partition : manifest.partitions) {
    if (const auto day = partition_day(partition.name)) {
      storage::postgres::make_chunk(connection, *day);
    }
  }
  connection.execute(kWhat, "COMMIT");
}

std::map<std::string, std::uint64_t> compressed_bytes(Connection& connection) {
  std::map<std::string, std::uint64_t> bytes;
  if (!storage::postgres::is_hypertable(connection)) return bytes;
  const Result found = connection.execute(
      "measure what is compressed",
      "SELECT c.relname, pg_table_size(s.compress_relid) "
      "FROM _timescaledb_catalog.compression_settings s "
      "JOIN pg_inherits i ON i.inhrelid = s.relid JOIN pg_class c ON c.oid = i.inhrelid "
      "WHERE i.inhparent = 'logs'::regclass AND s.compress_relid IS NOT NULL");
  for (int row = 0; row < found.rows(); ++row) {
    const std::string_view size = found.value(row, 1);
    std::from_chars(size.data(), size.data() + size.size(),
                    bytes[std::string(found.value(row, 0))]);
  }
  return bytes;
}

}  // namespace logctl::backup
