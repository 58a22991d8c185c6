// Streams of messages in memory, for tests and for trying out clients: everything goes with it.
//
// The data is shared by the stores and listeners that are opened on it, and lives as long as the
// last of them. Any thread may use a store; a listener belongs to one.
#pragma once

#include "shared/storage/message_store.h"

#include <memory>

namespace logctl::storage::memory {

struct MessageData;  // owned by all who were opened on it

std::shared_ptr<MessageData> make_message_data();

std::unique_ptr<MessageStore> open_messages(std::shared_ptr<MessageData> data);
std::unique_ptr<MessageNews> listen_to_messages(std::shared_ptr<MessageData> data);

}  // namespace logctl::storage::memory
