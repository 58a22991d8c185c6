#include "shared/storage/message_names.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <string>

namespace logctl::storage {
namespace {

template <typename Some>
void require_all(std::span<const Some> messages) {
  for (const Some& message : messages) {
    try {
      require_names(message.stream, message.type);
    } catch (const Error& error) {
      throw error.within(fmt::format("message '{}'", message.id));
    }
  }
}

void require_no_nul(std::string_view what, std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return;
  throw Error(ErrorCode::validation_error, fmt::format("{}: NUL is not allowed in it", what));
}

}  // namespace

void require_names(std::string_view stream, std::string_view type) {
  require_no_nul("stream", stream);
  require_no_nul("type", type);
  if (stream.size() <= kMostStreamBytes) return;
  throw Error(ErrorCode::validation_error,
              fmt::format("stream: at most {} bytes are allowed, found {}", kMostStreamBytes,
                          stream.size()));
}

void require_names(std::span<const MessageWrite> writes) { require_all(writes); }
void require_names(std::span<const Message> messages) { require_all(messages); }

}  // namespace logctl::storage
