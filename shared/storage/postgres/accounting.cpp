#include "shared/storage/postgres/accounting.h"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace logctl::storage::postgres {

std::string add_to_books(Connection& connection, std::string_view source, int lane,
                         std::span<const Count> counts) {
  if (counts.empty()) return {};
  const std::string quoted_source = connection.quote(source);
  std::string sql = "INSERT INTO accounting AS a (source, lane, tenant, what, n) VALUES ";
  std::string_view separator;
  for (const Count& count : counts) {
    fmt::format_to(std::back_inserter(sql), "{}({}, {}, {}, {}, {})", separator, quoted_source,
                   lane, connection.quote(count.tenant), connection.quote(count.what), count.count);
    separator = ", ";
  }
  sql += " ON CONFLICT (source, tenant, what, lane) DO UPDATE SET n = a.n + excluded.n; ";
  return sql;
}

std::uint64_t read_position(Connection& connection, std::string_view source) {
  const Result found = connection.execute(
      "read a position", fmt::format("SELECT position FROM spool_positions WHERE source = {}",
                                     connection.quote(source)));
  if (found.rows() == 0) return 0;
  const std::string_view text = found.value(0, 0);
  std::uint64_t position = 0;
  std::from_chars(text.data(), text.data() + text.size(), position);
  return position;
}

}  // namespace logctl::storage::postgres
