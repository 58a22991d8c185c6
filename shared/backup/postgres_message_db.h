// The message-db functions around a restore. They hold no data and are in no backup, but they
// belong to the very tables that they were made for.
#pragma once

#include "shared/storage/postgres/connection.h"

#include <string>

namespace logctl::backup {

// Whether there are some, and for the store in `schema`.
bool has_message_db(storage::postgres::Connection& connection, const std::string& schema);
void remove_message_db(storage::postgres::Connection& connection);

// Makes them anew over the store that `conninfo` works in. Nothing when it is from before there
// were messages.
void make_message_db(const std::string& conninfo);

}  // namespace logctl::backup
