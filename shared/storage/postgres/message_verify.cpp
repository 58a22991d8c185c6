#include "shared/storage/postgres/message_verify.h"

#include "shared/storage/message_audit.h"
#include "shared/storage/message_import.h"
#include "shared/storage/postgres/connection.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kWhat = "verify messages";
// Rows of one FETCH. A message has at most a megabyte or so.
constexpr int kRows = 100;

std::int64_t to_integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

MessageTime to_time(std::string_view text) {
  return MessageTime(std::chrono::nanoseconds(to_integer(text)));
}

// Calls `take` with each row of the query.
template <typename Take>
void each(Connection& connection, const std::string& query, Take take) {
  connection.execute(kWhat, "DECLARE messages_audit NO SCROLL CURSOR FOR " + query);
  for (bool more = true; more;) {
    const Result rows = connection.execute(kWhat, fmt::format("FETCH {} messages_audit", kRows));
    for (int row = 0; row < rows.rows(); ++row) take(rows, row);
    more = rows.rows() > 0;
  }
  connection.execute(kWhat, "CLOSE messages_audit");
}

NamespaceFigures figures_of(const Result& row, std::string_view name) {
  NamespaceFigures figures;
  figures.id = name;
  figures.messages = to_integer(row.value(0, 1));
  figures.streams = to_integer(row.value(0, 2));
  figures.last_global_position = to_integer(row.value(0, 3));
  if (!row.is_null(0, 4)) figures.last_activity = to_time(row.value(0, 4));
  return figures;
}

}  // namespace

MessageAudit verify_messages(const std::string& conninfo, std::string_view name_space,
                             const MessageStore::Progress& at) {
  Connection connection(conninfo);
  connection.execute(kWhat,
                     "SET statement_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const Result space = connection.execute(
      kWhat, fmt::format("SELECT ns, messages, streams, last_global_position, last_activity "
                         "FROM message_namespaces WHERE id = {}",
                         connection.quote(name_space)));
  if (space.rows() == 0) throw no_such_namespace(name_space);
  const std::string ns(space.value(0, 0));

  MessageAuditor audit(at);
  // LEFT JOIN: what belongs to no stream or category is a problem and not to be passed over.
  each(connection,
       fmt::format("SELECT m.id, s.name, m.type, m.position, m.global_position, m.data, "
                   "m.metadata, m.time, c.name, m.correlation FROM stored_messages m "
                   "LEFT JOIN message_streams s ON s.ns = m.ns AND s.stream = m.stream "
                   "LEFT JOIN message_categories c ON c.ns = m.ns AND c.category = m.category "
                   "WHERE m.ns = {} ORDER BY m.global_position",
                   ns),
       [&](const Result& rows, int row) {
         Message message;
         message.id = rows.value(row, 0);
         message.stream = rows.value(row, 1);
         message.type = rows.value(row, 2);
         message.position = to_integer(rows.value(row, 3));
         message.global_position = to_integer(rows.value(row, 4));
         message.data = rows.value(row, 5);
         message.metadata = rows.value(row, 6);
         message.time = to_time(rows.value(row, 7));
         audit.message(message, rows.value(row, 8), rows.value(row, 9));
       });
  each(connection,
       fmt::format("SELECT name, version, last_activity, group_hash FROM message_streams "
                   "WHERE ns = {}",
                   ns),
       [&](const Result& rows, int row) {
         std::optional<std::int64_t> hash;
         if (!rows.is_null(row, 3)) hash = to_integer(rows.value(row, 3));
         audit.stream({std::string(rows.value(row, 0)), to_integer(rows.value(row, 1)),
                       to_time(rows.value(row, 2))},
                      hash);
       });
  each(connection,
       fmt::format("SELECT name, streams, messages FROM message_categories WHERE ns = {}", ns),
       [&](const Result& rows, int row) {
         audit.category({std::string(rows.value(row, 0)), to_integer(rows.value(row, 1)),
                         to_integer(rows.value(row, 2))});
       });
  return audit.finish(figures_of(space, name_space));
}

}  // namespace logctl::storage::postgres
