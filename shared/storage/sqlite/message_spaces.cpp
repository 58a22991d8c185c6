#include "shared/storage/sqlite/message_spaces.h"

#include <array>
#include <chrono>
#include <cstddef>

namespace logctl::storage::sqlite {
namespace {

// Rows that are deleted by one statement: few, because a row may be large.
constexpr std::int64_t kRows = 20;
// Each deletes ?2 rows of namespace ?1, in an order that leaves nothing without its owner.
constexpr std::array<std::string_view, 3> kSweep = {
    "DELETE FROM messages WHERE ns = ?1 AND global_position IN (SELECT global_position FROM "
    "messages WHERE ns = ?1 ORDER BY global_position LIMIT ?2)",
    "DELETE FROM message_streams WHERE stream IN (SELECT stream FROM message_streams WHERE ns = ?1 "
    "LIMIT ?2)",
    "DELETE FROM message_categories WHERE category IN (SELECT category FROM message_categories "
    "WHERE ns = ?1 LIMIT ?2)",
};

// Deletes what removed namespaces have left. It must not outlive its transaction.
class Sweeper {
 public:
  explicit Sweeper(Connection& connection)
      : connection_(connection),
        find_(connection.prepare("SELECT ns FROM message_namespaces WHERE id IS NULL")),
        forget_(connection.prepare("DELETE FROM message_namespaces WHERE ns = ?1")) {
    for (std::size_t i = 0; i < kSweep.size(); ++i) deletes_[i] = connection.prepare(kSweep[i]);
  }

  // A few rows; false when nothing is left.
  bool step() {
    if (!find_.step()) return false;
    const std::int64_t ns = find_.integer(0);
    find_.reset();
    for (Statement& rows : deletes_) {
      rows.bind(1, ns);
      rows.bind(2, kRows);
      rows.run();
      if (connection_.changes() > 0) return true;
    }
    forget_.bind(1, ns);
    forget_.run();
    return true;
  }

 private:
  Connection& connection_;
  Statement find_;
  std::array<Statement, kSweep.size()> deletes_;
  Statement forget_;
};

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

bool sweep_messages(Connection& connection, microseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  Transaction transaction(connection);
  bool left = true;
  {
    Sweeper sweeper(connection);
    do {
      left = sweeper.step();
    } while (left && std::chrono::steady_clock::now() < until);
  }
  transaction.commit();
  return left;
}

}  // namespace logctl::storage::sqlite
