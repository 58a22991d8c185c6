// What the stores of messages in memory share. Thread-safe by its mutex, which whoever uses a
// member or a Space holds.
#pragma once

#include "shared/base/mutex.h"
#include "shared/record/stream_name.h"
#include "shared/storage/message_import.h"
#include "shared/storage/message_store.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace logctl::storage::memory {

// Messages by position: of a stream, or global ones.
using Positions = std::map<std::int64_t, const Message*>;

struct Stream {
  Positions messages;  // never empty
  MessageTime last_activity{};
  std::optional<std::int64_t> group_hash;
  std::int64_t version() const { return messages.rbegin()->first; }
};

struct Category {
  Positions messages;  // by global position
  std::int64_t streams = 0;
};

struct Space {
  Namespace row;
  std::map<std::int64_t, Message> messages;  // by global position; owns them
  std::unordered_map<std::string_view, const Message*> ids;
  std::map<std::string, Stream, std::less<>> streams;
  std::map<std::string, Category, std::less<>> categories;
  std::int64_t last_global_position = 0;
  std::optional<MessageTime> last_activity;
  std::uint64_t changed = 0;  // MessageData::changes when it got its last message
  std::uint64_t made = 0;     // MessageData::spaces_made, when it was made or cleared

  NamespaceFigures figures() const {
    NamespaceFigures figures;
    static_cast<Namespace&>(figures) = row;
    figures.messages = static_cast<std::int64_t>(messages.size());
    figures.streams = static_cast<std::int64_t>(streams.size());
    figures.last_global_position = last_global_position;
    figures.last_activity = last_activity;
    figures.history = static_cast<std::int64_t>(made);
    return figures;
  }

  void store(Message added) {
    const std::int64_t global_position = added.global_position;
    const Message& message = messages.emplace(global_position, std::move(added)).first->second;
    ids.emplace(message.id, &message);
    const auto [stream, first] = streams.try_emplace(message.stream);
    stream->second.messages.emplace(message.position, &message);
    if (first) stream->second.group_hash = group_hash_of(message.stream);
    stream->second.last_activity =
        first ? message.time : std::max(stream->second.last_activity, message.time);
    Category& category = categories[std::string(category_of(message.stream))];
    category.messages.emplace(global_position, &message);
    if (first) ++category.streams;
    last_global_position = std::max(last_global_position, global_position);
    last_activity = std::max(last_activity.value_or(message.time), message.time);
  }

  void clear() {
    Space empty;
    empty.row = std::move(row);
    empty.changed = changed;
    *this = std::move(empty);
  }
};

struct MessageData {
  Mutex mutex;
  Condition changed;
  std::map<std::string, Space, std::less<>> spaces GUARDED_BY(mutex);
  std::uint64_t changes GUARDED_BY(mutex) = 0;
  std::uint64_t spaces_made GUARDED_BY(mutex) = 0;

  Space& at(std::string_view name) REQUIRES_LOCK(mutex) {
    const auto found = spaces.find(name);
    if (found == spaces.end()) throw no_such_namespace(name);
    return found->second;
  }
  void tell(Space& space) REQUIRES_LOCK(mutex) {
    space.changed = ++changes;
    changed.notify_all();
  }
  // One that has other messages, or none, is another space.
  void tell_of_spaces() REQUIRES_LOCK(mutex) {
    ++changes;
    changed.notify_all();
  }
};

}  // namespace logctl::storage::memory
