#include "shared/storage/sqlite/message_spaces.h"

#include <array>

namespace logctl::storage::sqlite {
namespace {

// Each deletes ?2 rows of namespace ?1, in an order that leaves nothing without its owner.
constexpr std::array<std::string_view, 3> kSweep = {
    "DELETE FROM messages WHERE ns = ?1 AND global_position IN (SELECT global_position FROM "
    "messages WHERE ns = ?1 ORDER BY global_position LIMIT ?2)",
    "DELETE FROM message_streams WHERE stream IN (SELECT stream FROM message_streams WHERE ns = ?1 "
    "LIMIT ?2)",
    "DELETE FROM message_categories WHERE category IN (SELECT category FROM message_categories "
    "WHERE ns = ?1 LIMIT ?2)",
};
constexpr std::string_view kForget = "DELETE FROM message_namespaces WHERE ns = ?1";

struct Removed {
  std::int64_t ns = 0;
  std::int64_t messages = 0;
};

std::optional<Removed> take_id(Connection& connection, std::string_view id) {
  Statement take = connection.prepare(
      "UPDATE message_namespaces SET id = NULL WHERE id = ?1 RETURNING ns, messages");
  take.bind(1, id);
  if (!take.step()) return std::nullopt;
  return Removed{take.integer(0), take.integer(1)};
}

}  // namespace

bool create_namespace(Connection& connection, const Namespace& row) {
  Transaction transaction(connection);
  Statement insert = connection.prepare(
      "INSERT INTO message_namespaces (id, token_hash, description, metadata, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
  insert.bind(1, row.id);
  insert.bind(2, row.token_hash);
  insert.bind(3, row.description);
  insert.bind_optional(4, row.metadata);
  insert.bind(5, to_micros(row.created_at));
  insert.run();
  if (connection.changes() == 0) return false;
  transaction.commit();
  return true;
}

bool set_namespace_token(Connection& connection, std::string_view id, std::string_view token_hash) {
  Transaction transaction(connection);
  Statement update =
      connection.prepare("UPDATE message_namespaces SET token_hash = ?2 WHERE id = ?1");
  update.bind(1, id);
  update.bind(2, token_hash);
  update.run();
  if (connection.changes() == 0) return false;
  transaction.commit();
  return true;
}

std::optional<std::int64_t> remove_namespace(Connection& connection, std::string_view id) {
  Transaction transaction(connection);
  const auto removed = take_id(connection, id);
  if (!removed) return std::nullopt;
  transaction.commit();
  return removed->messages;
}

std::optional<std::int64_t> empty_namespace(Connection& connection, std::string_view id) {
  Transaction transaction(connection);
  const auto removed = take_id(connection, id);
  if (!removed) return std::nullopt;
  Statement insert = connection.prepare(
      "INSERT INTO message_namespaces (id, token_hash, description, metadata, created_at) "
      "SELECT ?2, token_hash, description, metadata, created_at FROM message_namespaces "
      "WHERE ns = ?1");
  insert.bind(1, removed->ns);
  insert.bind(2, id);
  insert.run();
  transaction.commit();
  return removed->messages;
}

bool sweep_messages(Connection& connection, std::int64_t rows) {
  Transaction transaction(connection);
  std::int64_t ns = 0;
  {
    Statement find = connection.prepare("SELECT ns FROM message_namespaces WHERE id IS NULL");
    if (!find.step()) return false;
    ns = find.integer(0);
  }
  bool empty = true;
  for (const std::string_view sql : kSweep) {
    Statement remove = connection.prepare(sql);
    remove.bind(1, ns);
    remove.bind(2, rows);
    remove.run();
    empty = connection.changes() == 0;
    if (!empty) break;
  }
  if (empty) {
    Statement forget = connection.prepare(kForget);
    forget.bind(1, ns);
    forget.run();
  }
  transaction.commit();
  return true;
}

}  // namespace logctl::storage::sqlite
