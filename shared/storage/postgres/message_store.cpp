#include "shared/storage/postgres/message_store.h"

#include "shared/storage/message_import.h"
#include "shared/storage/postgres/message_transaction.h"
#include "shared/storage/postgres/message_verify.h"
#include "shared/storage/postgres/rows.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace logctl::storage::postgres {
namespace {

// Who deletes or clears waits for so long; what is left then is deleted beside writes.
constexpr seconds kSweepTime(5);
constexpr std::int64_t kSweepRows = 2000;
constexpr std::int64_t kSweepRowsBesideWrites = 200;

}  // namespace

PostgresMessageStore::PostgresMessageStore(std::shared_ptr<Pool> pool,
                                           const MessageWriter::Settings& settings)
    : pool_(std::move(pool)),
      conninfo_(settings.writers.conninfo),
      reads_(pool_),
      writer_(settings) {}

std::vector<WriteResult> PostgresMessageStore::write(std::span<const MessageWrite> writes,
                                                     MessageTime now) {
  std::vector<WriteResult> results = writer_.write(writes, now);
  if (!swept_) {
    // The messages are stored, whatever comes of this.
    try {
      swept_ = !writer_.sweep(kSweepRowsBesideWrites);
    } catch (const Error&) {  // the next write tries again
    }
  }
  return results;
}

void PostgresMessageStore::sweep() {
  swept_ = false;
  const auto until = std::chrono::steady_clock::now() + kSweepTime;
  try {
    while (std::chrono::steady_clock::now() < until) {
      if (!writer_.sweep(kSweepRows)) {
        swept_ = true;
        return;
      }
    }
  } catch (const Error&) {  // it is removed already: writers go on with the rest
  }
}

MessagePage PostgresMessageStore::read_stream(const StreamRead& read) {
  return reads_.stream(read);
}

MessagePage PostgresMessageStore::read_category(const CategoryRead& read) {
  return reads_.category(read);
}

std::optional<Message> PostgresMessageStore::last(std::string_view name_space,
                                                  std::string_view stream, std::string_view type) {
  return reads_.last(name_space, stream, type);
}

std::optional<std::int64_t> PostgresMessageStore::version(std::string_view name_space,
                                                          std::string_view stream) {
  return reads_.version(name_space, stream);
}

std::vector<Poke> PostgresMessageStore::pokes(std::string_view name_space,
                                              std::int64_t global_position, std::size_t limit) {
  return reads_.pokes(name_space, global_position, limit);
}

std::vector<StreamFigures> PostgresMessageStore::streams(std::string_view name_space,
                                                         std::string_view prefix,
                                                         std::string_view after,
                                                         std::size_t limit) {
  return reads_.streams(name_space, prefix, after, limit);
}

std::vector<CategoryFigures> PostgresMessageStore::categories(std::string_view name_space) {
  return reads_.categories(name_space);
}

bool PostgresMessageStore::create_namespace(const Namespace& row) {
  bool created = false;
  pool_->change("create a namespace", [&](Session& session) {
    created =
        session
            .run(
                "INSERT INTO message_namespaces (id, token_hash, description, metadata, "
                "created_at) VALUES ($1, $2, $3, $4, $5::timestamptz) "
                "ON CONFLICT (id) DO NOTHING",
                {row.id, row.token_hash, row.description, row.metadata, time_text(row.created_at)})
            .affected_rows() > 0;
  });
  return created;
}

std::optional<std::int64_t> PostgresMessageStore::delete_namespace(std::string_view id) {
  const std::optional<std::int64_t> messages = writer_.remove(id);
  if (messages) sweep();
  return messages;
}

bool PostgresMessageStore::set_token(std::string_view id, std::string_view token_hash) {
  bool found = false;
  pool_->change("set a token", [&](Session& session) {
    found = !session
                 .run(fmt::format("WITH changed AS (UPDATE message_namespaces SET token_hash = $2 "
                                  "WHERE id = $1 RETURNING id) "
                                  "SELECT pg_notify('{}', id) FROM changed",
                                  kNamespaceChannel),
                      {std::string(id), std::string(token_hash)})
                 .empty();
  });
  return found;
}

std::vector<NamespaceFigures> PostgresMessageStore::figures(const std::string& condition,
                                                            const std::vector<Value>& values) {
  std::vector<NamespaceFigures> result;
  pool_->read("read namespaces", [&](Session& session) {
    result.clear();
    const pqxx::result rows = session.run(
        "SELECT id, token_hash, description, metadata, "
        "(extract(epoch from created_at)*1000000)::bigint, messages, streams, "
        "last_global_position, last_activity, ns FROM message_namespaces " +
            condition + " ORDER BY created_at DESC, id",
        values);
    for (const auto& row : rows) {
      NamespaceFigures& space = result.emplace_back();
      space.id = row[0].c_str();
      space.token_hash = row[1].c_str();
      space.description = row[2].c_str();
      space.metadata = row[3].c_str();
      space.created_at = read_time(row[4]).value_or(Timestamp{});
      space.messages = read_integer(row[5]);
      space.streams = read_integer(row[6]);
      space.last_global_position = read_integer(row[7]);
      if (!row[8].is_null()) {
        space.last_activity = MessageTime(std::chrono::nanoseconds(read_integer(row[8])));
      }
      space.history = read_integer(row[9]);
    }
  });
  return result;
}

std::optional<NamespaceFigures> PostgresMessageStore::namespace_figures(std::string_view id) {
  std::vector<NamespaceFigures> found = figures("WHERE id = $1", {std::string(id)});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<Namespace> PostgresMessageStore::find_namespace(std::string_view id) {
  return namespace_figures(id);
}

std::vector<NamespaceFigures> PostgresMessageStore::namespaces() {
  return figures("WHERE id IS NOT NULL", {});
}

std::size_t PostgresMessageStore::import(std::string_view name_space,
                                         std::span<const Message> messages, bool skip_same) {
  return writer_.import(name_space, messages, skip_same);
}

std::int64_t PostgresMessageStore::clear(std::string_view name_space) {
  const std::optional<std::int64_t> messages = writer_.clear(name_space);
  if (!messages) throw no_such_namespace(name_space);
  sweep();
  return *messages;
}

MessageAudit PostgresMessageStore::verify(std::string_view name_space, const Progress& at) {
  const std::optional<NamespaceFigures> found = namespace_figures(name_space);
  if (!found) throw no_such_namespace(name_space);
  return verify_messages(conninfo_, name_space, at);
}

}  // namespace logctl::storage::postgres
