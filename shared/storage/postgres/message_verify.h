// Proves that a namespace of a PostgreSQL store is whole, on a connection of its own.
#pragma once

#include "shared/storage/message_store.h"

#include <string>
#include <string_view>

namespace logctl::storage::postgres {

// As MessageStore::verify, at one moment. Throws Error{not_found} when there is no such namespace.
MessageAudit verify_messages(const std::string& conninfo, std::string_view name_space,
                             const MessageStore::Progress& at);

}  // namespace logctl::storage::postgres
