// Namespaces in meta.sqlite: making, changing and removing them. Each call is one transaction.
//
// A namespace that is deleted or cleared loses its id at once, so nobody sees half of it; its
// messages are deleted afterwards, some in each transaction, so that writers never wait for long.
// What a crash leaves is deleted by the next process that writes.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/message_store.h"
#include "shared/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace logctl::storage::sqlite {

bool create_namespace(Connection& connection, const Namespace& row);
bool set_namespace_token(Connection& connection, std::string_view id, std::string_view token_hash);

// The messages that it had; nothing when there is none. They are left for sweep_messages.
std::optional<std::int64_t> remove_namespace(Connection& connection, std::string_view id);
// The same, and an empty one takes its place.
std::optional<std::int64_t> empty_namespace(Connection& connection, std::string_view id);

// Deletes some of what was left, for about so long and the commit. False when nothing is left.
bool sweep_messages(Connection& connection, microseconds time);

}  // namespace logctl::storage::sqlite
