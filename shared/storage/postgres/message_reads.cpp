#include "shared/storage/postgres/message_reads.h"

#include "shared/storage/message_import.h"
#include "shared/storage/message_page.h"
#include "shared/storage/postgres/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::storage::postgres {
namespace {

// Scalar subqueries, which the planner takes for constants: so an index gives the order.
constexpr const char* kNs = "(SELECT ns FROM message_namespaces WHERE id = $1)";
constexpr const char* kOneStream =
    "m.stream = (SELECT stream FROM message_streams WHERE ns = {} AND name = $2)";
constexpr const char* kOneCategory =
    "m.category = (SELECT category FROM message_categories WHERE ns = {} AND name = $2)";

// A page of messages: {0} the namespace, {1} further tables, {2} conditions, {3} the order, {4} how
// many. `before` are the bytes ahead of a message. The message behind a page that they end comes
// without its data.
constexpr const char* kPage = R"sql(
SELECT n.ns, p.global_position, p.stream_name, p.id, p.type, p.position,
       CASE WHEN coalesce(p.before, 0) < {5} THEN p.data END,
       CASE WHEN coalesce(p.before, 0) < {5} THEN p.metadata END, p.time
FROM (SELECT {0} AS ns) AS n LEFT JOIN (
  SELECT w.*, s.name AS stream_name FROM (
    SELECT m.*, sum(m.bytes) OVER (ORDER BY m.{3} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
           sum(m.bytes) OVER (ORDER BY m.{3} ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS long_before
    FROM (
      SELECT m.global_position, m.stream, m.id, m.type, m.position, m.data, m.metadata, m.time,
             octet_length(m.data) + coalesce(octet_length(m.metadata), 0) + {6} AS bytes
      FROM stored_messages m {1} WHERE m.ns = {0} AND {2} ORDER BY m.{3} LIMIT {4}
    ) AS m
  ) AS w JOIN message_streams s ON s.ns = {0} AND s.stream = w.stream
  WHERE coalesce(w.long_before, 0) < {5}
) AS p ON true ORDER BY p.{3}
)sql";

// What a message counts for beside its data: no more than PageFiller has it count.
constexpr std::size_t kLeastMessageBytes = 128;
static_assert(kLeastMessageBytes <= sizeof(Message));
// More are never in a page.
constexpr std::size_t kMostPageRows = kMostMessageBytes / kLeastMessageBytes + 1;
constexpr std::size_t kMostRows = 1'000'000'000;

std::string page_sql(std::string_view tables, const std::string& condition, std::string_view order,
                     std::size_t limit) {
  return fmt::format(fmt::runtime(kPage), kNs, tables, condition, order,
                     std::min(limit, kMostPageRows) + 1, kMostMessageBytes, kLeastMessageBytes);
}

std::string number(std::int64_t value) { return std::to_string(value); }
std::string text_of(const pqxx::field& field) { return {field.c_str(), field.size()}; }
MessageTime time_of(const pqxx::field& field) {
  return MessageTime(std::chrono::nanoseconds(read_integer(field)));
}

// A row of kPage.
Message message_of(const pqxx::row& row) {
  Message message;
  message.global_position = read_integer(row[1]);
  message.stream = text_of(row[2]);
  message.id = text_of(row[3]);
  message.type = text_of(row[4]);
  message.position = read_integer(row[5]);
  message.data = text_of(row[6]);
  message.metadata = row[7].is_null() ? std::string() : text_of(row[7]);
  message.time = time_of(row[8]);
  return message;
}

}  // namespace

MessageReads::MessageReads(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}

void MessageReads::each(std::string_view what, std::string_view name_space, const std::string& sql,
                        const std::vector<Value>& values, const TakeRow& take) {
  pqxx::result rows;
  pool_->read(what, [&](Session& session) { rows = session.run(sql, values); });
  if (rows.empty() || rows[0][0].is_null()) throw no_such_namespace(name_space);
  for (const auto& row : rows) {
    if (!row[1].is_null()) take(row);
  }
}

MessagePage MessageReads::page(std::string_view what, std::string_view name_space,
                               const std::string& sql, const std::vector<Value>& values,
                               std::size_t limit) {
  PageFiller page(limit);
  bool more = false;
  each(what, name_space, sql, values, [&](const pqxx::row& row) {
    more = more || page.full() || row[6].is_null();
    if (!more) page.add(message_of(row));
  });
  return page.take(more);
}

MessagePage MessageReads::stream(const StreamRead& read) {
  std::vector<Value> values = {std::string(read.name_space), read.stream, number(read.position)};
  std::string condition =
      fmt::format(fmt::runtime(kOneStream), kNs) + " AND m.position >= $3::bigint";
  if (read.global_position) {
    condition += " AND m.global_position >= $4::bigint";
    values.emplace_back(number(*read.global_position));
  }
  return page("read a stream", read.name_space, page_sql("", condition, "position", read.limit),
              values, read.limit);
}

MessagePage MessageReads::category(const CategoryRead& read) {
  std::vector<Value> values = {read.name_space, read.category, number(read.global_position)};
  std::string condition = read.category.empty() ? std::string("$2::text = ''")
                                                : fmt::format(fmt::runtime(kOneCategory), kNs);
  condition += " AND m.global_position >= $3::bigint";
  const bool all = !read.group && read.correlation.empty();
  std::optional<std::int64_t> end;
  std::string_view tables;
  if (!all) {
    end = horizon(read, condition, values);
    if (end) {
      values.emplace_back(number(*end));
      condition += fmt::format(" AND m.global_position < ${}::bigint", values.size());
    }
    if (!read.correlation.empty()) {
      values.emplace_back(read.correlation);
      condition += fmt::format(" AND m.correlation = ${}", values.size());
    }
    if (read.group) {
      tables = "JOIN message_streams g ON g.ns = m.ns AND g.stream = m.stream";
      values.emplace_back(number(read.group->size));
      values.emplace_back(number(read.group->member));
      // CASE, because the planner takes a comparison for so selective that it would go through all
      // messages of the member's streams.
      condition += fmt::format(
          " AND CASE abs(g.group_hash % ${}::bigint) WHEN ${}::bigint THEN true ELSE false END",
          values.size() - 1, values.size());
    }
  }
  MessagePage result =
      page("read a category", read.name_space,
           page_sql(tables, condition, "global_position", read.limit), values, read.limit);
  if (end && !result.more && read.limit > 0) {
    result.more = true;
    result.next_global_position = *end;
  }
  return result;
}

std::optional<std::int64_t> MessageReads::horizon(const CategoryRead& read,
                                                  const std::string& condition,
                                                  const std::vector<Value>& values) {
  std::optional<std::int64_t> result;
  each("read a category", read.name_space,
       fmt::format("SELECT {0}, (SELECT m.global_position FROM stored_messages m WHERE m.ns = {0} "
                   "AND {1} ORDER BY m.global_position OFFSET {2} LIMIT 1)",
                   kNs, condition, kMostPassedMessages),
       values, [&](const pqxx::row& row) { result = read_integer(row[1]); });
  return result;
}

std::optional<Message> MessageReads::last(std::string_view name_space, std::string_view stream,
                                          std::string_view type) {
  std::vector<Value> values = {std::string(name_space), std::string(stream)};
  std::string condition = fmt::format(fmt::runtime(kOneStream), kNs);
  if (!type.empty()) {
    condition += " AND m.type = $3";
    values.emplace_back(std::string(type));
  }
  std::optional<Message> result;
  each("read the last message", name_space, page_sql("", condition, "position DESC", 0), values,
       [&](const pqxx::row& row) { result = message_of(row); });
  return result;
}

std::optional<std::int64_t> MessageReads::version(std::string_view name_space,
                                                  std::string_view stream) {
  std::optional<std::int64_t> result;
  each("read a version", name_space,
       fmt::format("SELECT {0}, (SELECT version FROM message_streams WHERE ns = {0} AND name = $2)",
                   kNs),
       {std::string(name_space), std::string(stream)},
       [&](const pqxx::row& row) { result = read_integer(row[1]); });
  return result;
}

std::vector<Poke> MessageReads::pokes(std::string_view name_space, std::int64_t global_position,
                                      std::size_t limit) {
  std::vector<Poke> pokes;
  const std::string sql = fmt::format(
      "SELECT n.ns, p.name, p.position, p.global_position FROM (SELECT {0} AS ns) AS n "
      "LEFT JOIN (SELECT s.name, m.position, m.global_position FROM (SELECT stream, position, "
      "global_position FROM stored_messages WHERE ns = {0} AND global_position >= $2::bigint "
      "ORDER BY global_position LIMIT $3::bigint) AS m JOIN message_streams s ON s.ns = {0} AND "
      "s.stream = m.stream) AS p ON true ORDER BY p.global_position",
      kNs);
  each("read pokes", name_space, sql,
       {std::string(name_space), number(global_position),
        std::to_string(std::min(limit, kMostRows))},
       [&](const pqxx::row& row) {
         pokes.push_back({text_of(row[1]), read_integer(row[2]), read_integer(row[3])});
       });
  return pokes;
}

std::vector<StreamFigures> MessageReads::streams(std::string_view name_space,
                                                 std::string_view prefix, std::string_view after,
                                                 std::size_t limit) {
  std::vector<StreamFigures> rows;
  const std::string sql = fmt::format(
      "SELECT n.ns, s.name, s.version, s.last_activity FROM (SELECT {0} AS ns) AS n "
      "LEFT JOIN (SELECT name, version, last_activity FROM message_streams WHERE ns = {0} AND "
      "name > $2 AND name >= $3 ORDER BY name LIMIT $4::bigint) AS s ON true ORDER BY s.name",
      kNs);
  each("list streams", name_space, sql,
       {std::string(name_space), std::string(after), std::string(prefix),
        std::to_string(std::min(limit, kMostRows))},
       [&](const pqxx::row& row) {
         std::string name = text_of(row[1]);
         // Names with one prefix are neighbours: behind them come only others.
         if (!name.starts_with(prefix)) return;
         rows.push_back({std::move(name), read_integer(row[2]), time_of(row[3])});
       });
  return rows;
}

std::vector<CategoryFigures> MessageReads::categories(std::string_view name_space) {
  std::vector<CategoryFigures> rows;
  each("list categories", name_space,
       fmt::format("SELECT n.ns, c.name, c.streams, c.messages FROM (SELECT {0} AS ns) AS n "
                   "LEFT JOIN message_categories c ON c.ns = n.ns ORDER BY c.name",
                   kNs),
       {std::string(name_space)}, [&](const pqxx::row& row) {
         rows.push_back({text_of(row[1]), read_integer(row[2]), read_integer(row[3])});
       });
  return rows;
}

}  // namespace logctl::storage::postgres
