// What every backend says of messages that come with their positions. Pure.
#pragma once

#include "shared/base/error.h"
#include "shared/storage/message_store.h"

#include <string_view>

namespace logctl::storage {

// Whether both are the same message at the same place, with the same time.
bool same_message(const Message& a, const Message& b);

// Error{conflict}: what of this message another one has already.
Error id_taken(const Message& message);
Error position_taken(const Message& message);
Error global_position_taken(const Message& message);

// Error{not_found}
Error no_such_namespace(std::string_view name);

}  // namespace logctl::storage
