// Which names a message may carry, the same for every backend. Pure.
#pragma once

#include "shared/storage/message_store.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace logctl::storage {

// Longer ones do not fit into an index of PostgreSQL.
inline constexpr std::size_t kMostStreamBytes = 2048;

// Throws Error{validation_error} for a stream that is too long, and for NUL in it or in the type.
void require_names(std::string_view stream, std::string_view type);
// Each of them, and names the message.
void require_names(std::span<const MessageWrite> writes);
void require_names(std::span<const Message> messages);

}  // namespace logctl::storage
