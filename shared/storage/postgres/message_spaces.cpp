#include "shared/storage/postgres/message_spaces.h"

#include "shared/storage/postgres/copy_encoder.h"
#include "shared/storage/postgres/message_transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kWhat = "remove messages";

std::int64_t to_integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// What is left of a removed namespace lies at and below these numbers. From the top down: so no
// step passes over the dead rows of those before it.
struct Rest {
  std::int64_t ns = 0;
  std::int64_t global_position = 0;
  std::int64_t streams = 0;
  std::int64_t categories = 0;
};

// Their positions may have gaps of any size.
void delete_messages(Connection& connection, Rest& rest, std::int64_t rows) {
  const Result next = connection.execute(
      kWhat, fmt::format("SELECT global_position FROM stored_messages WHERE ns = {} AND "
                         "global_position <= {} ORDER BY global_position DESC OFFSET {} LIMIT 1",
                         rest.ns, rest.global_position, rows));
  const std::int64_t below = next.rows() == 0 ? 0 : to_integer(next.value(0, 0));
  connection.execute(kWhat, fmt::format("DELETE FROM stored_messages WHERE ns = {} AND "
                                        "global_position > {} AND global_position <= {}",
                                        rest.ns, below, rest.global_position));
  rest.global_position = below;
}

// `numbers`: the column with their numbers, which are without gaps.
void delete_numbered(Connection& connection, std::string_view table, std::string_view numbers,
                     const Rest& rest, std::int64_t& left, std::int64_t rows) {
  const std::int64_t below = std::max<std::int64_t>(left - rows, 0);
  connection.execute(kWhat, fmt::format("DELETE FROM {} WHERE ns = {} AND {} > {}", table, rest.ns,
                                        numbers, below));
  left = below;
}

}  // namespace

std::optional<FoundNamespace> lock_namespace(Connection& connection, std::string_view id) {
  connection.execute(kWhat, "BEGIN ISOLATION LEVEL READ COMMITTED");
  const std::array values = {BinaryParameter{kText, id}};
  const Result found = connection.execute(
      kWhat,
      "SELECT ns, messages, pg_current_xact_id()::text FROM message_namespaces WHERE id = $1 "
      "FOR UPDATE",
      values);
  if (found.rows() == 0) {
    connection.execute(kWhat, "ROLLBACK");
    return std::nullopt;
  }
  return FoundNamespace{std::string(id), std::string(found.value(0, 0)),
                        to_integer(found.value(0, 1)), std::string(found.value(0, 2))};
}

void take_away(Connection& connection, const FoundNamespace& found, bool successor) {
  std::string sql =
      fmt::format("UPDATE message_namespaces SET id = NULL WHERE ns = {}; ", found.ns);
  if (successor) {
    sql += fmt::format(
        "INSERT INTO message_namespaces (id, token_hash, description, metadata, created_at) "
        "SELECT {}, token_hash, description, metadata, created_at FROM message_namespaces "
        "WHERE ns = {}; ",
        connection.quote(found.id), found.ns);
  }
  sql += fmt::format("NOTIFY {}, {}; ", kNamespaceChannel, connection.quote(found.id));
  connection.execute(kWhat, sql + "COMMIT");
}

bool sweep_messages(Connection& connection, std::int64_t rows) {
  connection.execute(kWhat, "BEGIN ISOLATION LEVEL READ COMMITTED");
  // What is lost of this in a crash is done again.
  const Result found = connection.execute(
      kWhat,
      "SET LOCAL synchronous_commit = off; SELECT ns, last_global_position, streams, categories "
      "FROM message_namespaces WHERE id IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED");
  if (found.rows() == 0) {
    connection.execute(kWhat, "ROLLBACK");
    return false;
  }
  Rest rest{to_integer(found.value(0, 0)), to_integer(found.value(0, 1)),
            to_integer(found.value(0, 2)), to_integer(found.value(0, 3))};
  if (rest.global_position > 0) {
    delete_messages(connection, rest, rows);
  } else if (rest.streams > 0) {
    delete_numbered(connection, "message_streams", "stream", rest, rest.streams, rows);
  } else {
    delete_numbered(connection, "message_categories", "category", rest, rest.categories, rows);
  }
  const bool empty = rest.global_position == 0 && rest.streams == 0 && rest.categories == 0;
  const std::string then =
      empty ? fmt::format("DELETE FROM message_namespaces WHERE ns = {}", rest.ns)
            : fmt::format(
                  "UPDATE message_namespaces SET last_global_position = {}, streams = {}, "
                  "categories = {} WHERE ns = {}",
                  rest.global_position, rest.streams, rest.categories, rest.ns);
  connection.execute(kWhat, then + "; COMMIT");
  return true;
}

}  // namespace logctl::storage::postgres
