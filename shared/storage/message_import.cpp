#include "shared/storage/message_import.h"

#include <fmt/format.h>

namespace logctl::storage {

bool same_message(const Message& a, const Message& b) {
  return a.id == b.id && a.stream == b.stream && a.type == b.type && a.position == b.position &&
         a.global_position == b.global_position && a.data == b.data && a.metadata == b.metadata &&
         a.time == b.time;
}

Error id_taken(const Message& message) {
  return Error(ErrorCode::conflict,
               fmt::format("message '{}': the id is taken by another message", message.id));
}

Error position_taken(const Message& message) {
  return Error(ErrorCode::conflict,
               fmt::format("message '{}': position {} of stream '{}' is taken by another message",
                           message.id, message.position, message.stream));
}

Error global_position_taken(const Message& message) {
  return Error(ErrorCode::conflict,
               fmt::format("message '{}': global position {} is taken by another message",
                           message.id, message.global_position));
}

Error no_such_namespace(std::string_view name) {
  return Error(ErrorCode::not_found, fmt::format("there is no namespace '{}'", name),
               "`logctl namespaces list` shows those that exist");
}

}  // namespace logctl::storage
