#include "shared/storage/sqlite/message_writer.h"

#include "shared/record/stream_name.h"
#include "shared/storage/message_import.h"
#include "shared/storage/sqlite/message_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::storage::sqlite {

MessageWriter::MessageWriter(Connection& connection)
    : connection_(connection),
      find_space_(connection.prepare_owned(
          "SELECT ns, last_global_position FROM message_namespaces WHERE id = ?1")),
      find_message_(connection.prepare_owned(
          fmt::format("SELECT {} FROM messages AS m CROSS JOIN message_streams AS s ON s.stream = "
                      "m.stream WHERE m.ns = ?1 AND m.id = ?2",
                      kMessageColumns))),
      find_stream_(connection.prepare_owned(
          "SELECT stream, category, version, last_activity FROM message_streams "
          "WHERE ns = ?1 AND name = ?2")),
      find_category_(connection.prepare_owned(
          "SELECT category FROM message_categories WHERE ns = ?1 AND name = ?2")),
      last_stream_(connection.prepare_owned("SELECT max(stream) FROM message_streams")),
      taken_position_(
          connection.prepare_owned("SELECT 1 FROM messages WHERE stream = ?1 AND position = ?2")),
      taken_global_position_(connection.prepare_owned(
          "SELECT 1 FROM messages WHERE ns = ?1 AND global_position = ?2")),
      add_category_(connection.prepare_owned(
          "INSERT INTO message_categories (ns, name) VALUES (?1, ?2) RETURNING category")),
      add_stream_(connection.prepare_owned(
          "INSERT INTO message_streams (stream, ns, category, name, group_hash, version, "
          "last_activity) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")),
      add_message_(connection.prepare_owned(
          "INSERT INTO messages (ns, global_position, stream, position, category, time, id, type, "
          "correlation, metadata, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
          "ON CONFLICT DO NOTHING")),
      change_stream_(connection.prepare_owned(
          "UPDATE message_streams SET version = ?2, last_activity = ?3 WHERE stream = ?1")),
      change_category_(connection.prepare_owned(
          "UPDATE message_categories SET streams = streams + ?2, messages = messages + ?3 "
          "WHERE category = ?1")),
      change_space_(connection.prepare_owned(
          "UPDATE message_namespaces SET last_global_position = ?2, messages = messages + ?3, "
          "streams = streams + ?4, last_activity = max(coalesce(last_activity, ?5), ?5) "
          "WHERE ns = ?1")) {}

std::optional<MessageWriter::Space> MessageWriter::find_space(std::string_view name) {
  const Rewind rewind(find_space_);
  find_space_.bind(1, name);
  if (!find_space_.step()) return std::nullopt;
  return Space{find_space_.integer(0), find_space_.integer(1)};
}

std::optional<Message> MessageWriter::find_message(std::int64_t ns, std::string_view id) {
  const Rewind rewind(find_message_);
  find_message_.bind(1, ns);
  find_message_.bind(2, id);
  return find_message_.step() ? std::optional(read_message(find_message_)) : std::nullopt;
}

MessageWriter::Stream& MessageWriter::find_stream(Changes& changes, std::string_view name) {
  const auto known = changes.streams.find(name);
  if (known != changes.streams.end()) return known->second;
  Stream stream;
  const Rewind rewind(find_stream_);
  find_stream_.bind(1, changes.space.ns);
  find_stream_.bind(2, name);
  if (find_stream_.step()) {
    stream.stream = find_stream_.integer(0);
    stream.category = find_stream_.integer(1);
    stream.version = find_stream_.integer(2);
    stream.last_activity = find_stream_.integer(3);
  }
  return changes.streams.emplace(name, stream).first->second;
}

std::int64_t MessageWriter::category_of_new(Changes& changes, std::string_view stream) {
  const std::string_view name = category_of(stream);
  {
    const Rewind rewind(find_category_);
    find_category_.bind(1, changes.space.ns);
    find_category_.bind(2, name);
    if (find_category_.step()) return find_category_.integer(0);
  }
  const Rewind rewind(add_category_);
  add_category_.bind(1, changes.space.ns);
  add_category_.bind(2, name);
  add_category_.step();
  return add_category_.integer(0);
}

bool MessageWriter::add(Changes& changes, const NewMessage& message) {
  Stream& stream = find_stream(changes, message.stream);
  if (stream.stream == 0) {
    if (next_stream_ == 0) {
      const Rewind rewind(last_stream_);
      last_stream_.step();
      next_stream_ = last_stream_.integer(0) + 1;
    }
    stream.stream = next_stream_++;
    stream.category = category_of_new(changes, message.stream);
    stream.is_new = true;
    stream.last_activity = message.time;
    add_stream_.bind(1, stream.stream);
    add_stream_.bind(2, changes.space.ns);
    add_stream_.bind(3, stream.category);
    add_stream_.bind(4, message.stream);
    add_stream_.bind_optional(5, group_hash_of(message.stream));
    add_stream_.bind(6, message.position);
    add_stream_.bind(7, message.time);
    add_stream_.run();
  }
  const std::string correlation = correlation_of(message.metadata);
  add_message_.bind(1, changes.space.ns);
  add_message_.bind(2, message.global_position);
  add_message_.bind(3, stream.stream);
  add_message_.bind(4, message.position);
  add_message_.bind(5, stream.category);
  add_message_.bind(6, message.time);
  add_message_.bind(7, message.id);
  add_message_.bind(8, message.type);
  add_message_.bind_optional(9, correlation);
  add_message_.bind_optional(10, message.metadata);
  add_message_.bind(11, message.data);
  add_message_.run();
  if (connection_.changes() == 0) return false;

  Category& category = changes.categories[stream.category];
  if (stream.is_new && stream.added == 0) {
    ++changes.streams_added;
    ++category.streams;
  }
  if (changes.messages == 0) changes.last_activity = message.time;
  ++stream.added;
  ++category.messages;
  ++changes.messages;
  stream.version = std::max(stream.version, message.position);
  stream.last_activity = std::max(stream.last_activity, message.time);
  changes.last_activity = std::max(changes.last_activity, message.time);
  changes.space.last_global_position =
      std::max(changes.space.last_global_position, message.global_position);
  return true;
}

void MessageWriter::store_changes(const Changes& changes) {
  if (changes.messages == 0) return;
  for (const auto& [name, stream] : changes.streams) {
    // A new one was stored with what its first message says.
    if (stream.added < (stream.is_new ? 2 : 1)) continue;
    change_stream_.bind(1, stream.stream);
    change_stream_.bind(2, stream.version);
    change_stream_.bind(3, stream.last_activity);
    change_stream_.run();
  }
  for (const auto& [category, added] : changes.categories) {
    change_category_.bind(1, category);
    change_category_.bind(2, added.streams);
    change_category_.bind(3, added.messages);
    change_category_.run();
  }
  change_space_.bind(1, changes.space.ns);
  change_space_.bind(2, changes.space.last_global_position);
  change_space_.bind(3, changes.messages);
  change_space_.bind(4, changes.streams_added);
  change_space_.bind(5, changes.last_activity);
  change_space_.run();
}

std::vector<WriteResult> MessageWriter::write_group(const Space& space,
                                                    std::span<const MessageWrite* const> group,
                                                    MessageTime now) {
  Changes changes;
  changes.space = space;
  NamespaceState state;
  state.last_global_position = space.last_global_position;
  for (const MessageWrite* write : group) {
    const std::int64_t version = find_stream(changes, write->stream).version;
    if (version >= 0) state.versions.emplace(write->stream, version);
    if (write->id_assigned) continue;
    if (auto known = find_message(space.ns, write->id)) {
      state.known.emplace(write->id, std::move(*known));
    }
  }
  MessagePlan plan = plan_writes(group, state);
  for (const PlannedMessage& planned : plan.messages) {
    const MessageWrite& write = *planned.write;
    const NewMessage message{write.stream,
                             write.id,
                             write.type,
                             write.data,
                             write.metadata,
                             planned.position,
                             planned.global_position,
                             to_nanoseconds(now)};
    if (!add(changes, message)) {
      throw Error(
          ErrorCode::storage,
          fmt::format("message '{}': its place in stream '{}' is taken", write.id, write.stream),
          "`logctl streams verify` shows what is wrong with the namespace");
    }
  }
  store_changes(changes);
  return std::move(plan.results);
}

std::vector<WriteResult> MessageWriter::write(std::span<const MessageWrite> writes,
                                              MessageTime now) {
  std::vector<WriteResult> results(writes.size());
  Transaction transaction(connection_);
  next_stream_ = 0;
  for (const auto& [name, group] : by_namespace(writes)) {
    const auto space = find_space(name);
    std::vector<WriteResult> answers;
    if (space) {
      answers = write_group(*space, group, now);
    } else {
      answers.assign(group.size(), {.kind = WriteResult::Kind::unknown_namespace});
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      results[static_cast<std::size_t>(group[i] - writes.data())] = answers[i];
    }
  }
  transaction.commit();
  return results;
}

void MessageWriter::refuse(const Changes& changes, const Message& message) {
  if (find_message(changes.space.ns, message.id)) throw id_taken(message);
  {
    const Rewind rewind(taken_position_);
    taken_position_.bind(1, changes.streams.find(message.stream)->second.stream);
    taken_position_.bind(2, message.position);
    if (taken_position_.step()) throw position_taken(message);
  }
  throw global_position_taken(message);
}

std::size_t MessageWriter::import(std::string_view name_space, std::span<const Message> messages,
                                  bool skip_same) {
  Transaction transaction(connection_);
  next_stream_ = 0;
  const auto space = find_space(name_space);
  if (!space) throw no_such_namespace(name_space);
  Changes changes;
  changes.space = *space;
  for (const Message& message : messages) {
    const NewMessage added{message.stream,
                           message.id,
                           message.type,
                           message.data,
                           message.metadata,
                           message.position,
                           message.global_position,
                           to_nanoseconds(message.time)};
    if (add(changes, added)) continue;
    const auto there = skip_same ? find_message(space->ns, message.id) : std::nullopt;
    if (!there || !same_message(*there, message)) refuse(changes, message);
  }
  store_changes(changes);
  transaction.commit();
  return static_cast<std::size_t>(changes.messages);
}

}  // namespace logctl::storage::sqlite
