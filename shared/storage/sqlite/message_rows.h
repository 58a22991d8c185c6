// Rows of the tables of messages as they are read.
#pragma once

#include "shared/storage/message_store.h"
#include "shared/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace logctl::storage::sqlite {

// Ends a statement's row when it goes, so that its transaction can end.
class Rewind {
 public:
  explicit Rewind(Statement& statement) : statement_(statement) {}
  ~Rewind() { statement_.reset(); }
  Rewind(const Rewind&) = delete;
  Rewind& operator=(const Rewind&) = delete;

 private:
  Statement& statement_;
};

// The first columns of a statement that read_message reads: messages are `m`, message_streams `s`.
inline constexpr std::string_view kMessageColumns =
    "m.id, s.name, m.type, m.position, m.global_position, m.data, m.metadata, m.time";
Message read_message(const Statement& row);

// The same for read_namespace, of message_namespaces.
inline constexpr std::string_view kNamespaceColumns =
    "id, token_hash, description, metadata, created_at, messages, streams, last_global_position, "
    "last_activity, ns";
NamespaceFigures read_namespace(const Statement& row);

inline MessageTime message_time(std::int64_t nanoseconds) {
  return MessageTime(std::chrono::nanoseconds(nanoseconds));
}
inline std::int64_t to_nanoseconds(MessageTime time) { return time.time_since_epoch().count(); }

std::optional<std::int64_t> optional_integer(const Statement& row, int column);

}  // namespace logctl::storage::sqlite
