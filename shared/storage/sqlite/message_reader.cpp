#include "shared/storage/sqlite/message_reader.h"

#include "shared/record/stream_name.h"
#include "shared/storage/message_import.h"
#include "shared/storage/message_page.h"
#include "shared/storage/sqlite/message_rows.h"
#include "shared/storage/sqlite/moment.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

// Behind kMessageColumns, in reads by category.
constexpr int kGroupHash = 8;
constexpr int kCorrelation = 9;
constexpr int kGlobalPosition = 4;

// The order of the tables is given: messages by their index, then the stream of each.
std::string select_messages(std::string_view where) {
  return fmt::format(
      "SELECT {}, s.group_hash, m.correlation FROM messages AS m CROSS JOIN message_streams AS s "
      "ON s.stream = m.stream WHERE {}",
      kMessageColumns, where);
}

bool is_wanted(const Statement& row, const CategoryRead& read) {
  if (read.group) {
    const auto hash = optional_integer(row, kGroupHash);
    if (!hash || member_of(*hash, read.group->size) != read.group->member) return false;
  }
  return read.correlation.empty() || row.text(kCorrelation) == read.correlation;
}

}  // namespace

MessageReader::MessageReader(Connection connection)
    : connection_(std::move(connection)),
      find_space_(connection_.prepare_owned("SELECT ns FROM message_namespaces WHERE id = ?1")),
      find_stream_(connection_.prepare_owned(
          "SELECT stream FROM message_streams WHERE ns = ?1 AND name = ?2")),
      find_category_(connection_.prepare_owned(
          "SELECT category FROM message_categories WHERE ns = ?1 AND name = ?2")),
      // Of the index alone.
      first_position_(connection_.prepare_owned(
          "SELECT position FROM messages WHERE stream = ?1 AND position >= ?2 AND "
          "global_position >= ?3 ORDER BY position LIMIT 1")),
      read_stream_(connection_.prepare_owned(
          select_messages("m.stream = ?1 AND m.position >= ?2 AND m.global_position >= ?3 "
                          "ORDER BY m.position"))),
      read_stream_backwards_(
          connection_.prepare_owned(select_messages("m.stream = ?1 ORDER BY m.position DESC"))),
      read_category_(
          connection_.prepare_owned(select_messages("m.category = ?1 AND m.global_position >= ?2 "
                                                    "ORDER BY m.global_position"))),
      read_all_(connection_.prepare_owned(
          select_messages("m.ns = ?1 AND m.global_position >= ?2 ORDER BY m.global_position"))),
      read_pokes_(connection_.prepare_owned(
          "SELECT s.name, m.position, m.global_position FROM messages AS m CROSS JOIN "
          "message_streams AS s ON s.stream = m.stream WHERE m.ns = ?1 AND m.global_position >= ?2 "
          "ORDER BY m.global_position LIMIT ?3")),
      version_(connection_.prepare_owned(
          "SELECT version FROM message_streams WHERE ns = ?1 AND name = ?2")),
      space_figures_(connection_.prepare_owned(
          fmt::format("SELECT {} FROM message_namespaces WHERE id = ?1", kNamespaceColumns))) {}

std::int64_t MessageReader::space_of(std::string_view name) {
  const Rewind rewind(find_space_);
  find_space_.bind(1, name);
  if (!find_space_.step()) throw no_such_namespace(name);
  return find_space_.integer(0);
}

std::optional<std::int64_t> MessageReader::number_of(Statement& statement, std::int64_t ns,
                                                     std::string_view name) {
  const Rewind rewind(statement);
  statement.bind(1, ns);
  statement.bind(2, name);
  return statement.step() ? std::optional(statement.integer(0)) : std::nullopt;
}

MessagePage MessageReader::read_stream(const StreamRead& read) {
  const Moment moment(connection_);
  PageFiller page(read.limit);
  const auto stream = number_of(find_stream_, space_of(read.name_space), read.stream);
  if (!stream) return page.take(false);
  std::int64_t position = read.position;
  if (read.global_position) {
    const Rewind rewind(first_position_);
    first_position_.bind(1, *stream);
    first_position_.bind(2, position);
    first_position_.bind(3, *read.global_position);
    if (!first_position_.step()) return page.take(false);
    position = first_position_.integer(0);
  }
  const Rewind rewind(read_stream_);
  read_stream_.bind(1, *stream);
  read_stream_.bind(2, position);
  read_stream_.bind(3, read.global_position.value_or(0));
  while (read_stream_.step()) {
    if (page.full()) return page.take(true);
    page.add(read_message(read_stream_));
  }
  return page.take(false);
}

MessagePage MessageReader::read_category(const CategoryRead& read) {
  const Moment moment(connection_);
  PageFiller page(read.limit);
  const std::int64_t ns = space_of(read.name_space);
  const auto number =
      read.category.empty() ? std::optional(ns) : number_of(find_category_, ns, read.category);
  if (!number) return page.take(false);
  Statement& row = read.category.empty() ? read_all_ : read_category_;
  const Rewind rewind(row);
  row.bind(1, *number);
  row.bind(2, read.global_position);
  while (row.step()) {
    if (page.full()) return page.take(true);
    is_wanted(row, read) ? page.add(read_message(row)) : page.pass(row.integer(kGlobalPosition));
  }
  return page.take(false);
}

std::optional<Message> MessageReader::last(std::string_view name_space, std::string_view stream,
                                           std::string_view type) {
  const Moment moment(connection_);
  const auto number = number_of(find_stream_, space_of(name_space), stream);
  if (!number) return std::nullopt;
  Statement& row = read_stream_backwards_;
  const Rewind rewind(row);
  row.bind(1, *number);
  while (row.step()) {
    if (type.empty() || row.text(2) == type) return read_message(row);
  }
  return std::nullopt;
}

std::optional<std::int64_t> MessageReader::version(std::string_view name_space,
                                                   std::string_view stream) {
  const Moment moment(connection_);
  return number_of(version_, space_of(name_space), stream);
}

std::vector<Poke> MessageReader::pokes(std::string_view name_space, std::int64_t global_position,
                                       std::size_t limit) {
  const Moment moment(connection_);
  const std::int64_t ns = space_of(name_space);
  const Rewind rewind(read_pokes_);
  read_pokes_.bind(1, ns);
  read_pokes_.bind(2, global_position);
  read_pokes_.bind(3, static_cast<std::int64_t>(limit));
  std::vector<Poke> pokes;
  while (read_pokes_.step()) {
    pokes.push_back(
        {std::string(read_pokes_.text(0)), read_pokes_.integer(1), read_pokes_.integer(2)});
  }
  return pokes;
}

std::vector<StreamFigures> MessageReader::streams(std::string_view name_space,
                                                  std::string_view prefix, std::string_view after,
                                                  std::size_t limit) {
  const Moment moment(connection_);
  const std::int64_t ns = space_of(name_space);
  Statement row = connection_.prepare(
      "SELECT name, version, last_activity FROM message_streams WHERE ns = ?1 AND name >= ?2 AND "
      "name <> ?3 ORDER BY name LIMIT ?4");
  row.bind(1, ns);
  row.bind(2, std::max(prefix, after));
  row.bind(3, after);
  row.bind(4, static_cast<std::int64_t>(limit));
  std::vector<StreamFigures> streams;
  while (row.step() && row.text(0).starts_with(prefix)) {
    streams.push_back({std::string(row.text(0)), row.integer(1), message_time(row.integer(2))});
  }
  return streams;
}

std::vector<CategoryFigures> MessageReader::categories(std::string_view name_space) {
  const Moment moment(connection_);
  const std::int64_t ns = space_of(name_space);
  Statement row = connection_.prepare(
      "SELECT name, streams, messages FROM message_categories WHERE ns = ?1 ORDER BY name");
  row.bind(1, ns);
  std::vector<CategoryFigures> categories;
  while (row.step()) {
    categories.push_back({std::string(row.text(0)), row.integer(1), row.integer(2)});
  }
  return categories;
}

std::optional<NamespaceFigures> MessageReader::namespace_figures(std::string_view id) {
  const Rewind rewind(space_figures_);
  space_figures_.bind(1, id);
  return space_figures_.step() ? std::optional(read_namespace(space_figures_)) : std::nullopt;
}

std::vector<NamespaceFigures> MessageReader::namespaces() {
  Statement row =
      connection_.prepare(fmt::format("SELECT {} FROM message_namespaces WHERE id IS NOT NULL "
                                      "ORDER BY created_at DESC, id",
                                      kNamespaceColumns));
  std::vector<NamespaceFigures> rows;
  while (row.step()) rows.push_back(read_namespace(row));
  return rows;
}

}  // namespace logctl::storage::sqlite
