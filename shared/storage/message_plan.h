// What becomes of messages that are written: decided the same way for every backend, from what the
// backend has looked up in its transaction. Pure; one thread.
//
// The backend locks the namespace, fills in the state of every stream and the messages of every id
// that a client gave, asks, and stores what comes out.
#pragma once

#include "shared/storage/message_store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace logctl::storage {

// The namespace of a group of writes as it is at the beginning of the transaction.
struct NamespaceState {
  std::int64_t last_global_position = 0;
  // Positions of the last messages, by stream; streams that are missing are empty.
  std::unordered_map<std::string, std::int64_t> versions;
  // Messages that are there, by id. Needed for ids that clients gave.
  std::unordered_map<std::string, Message> known;
};

// A message to be stored. Views point into the writes.
struct PlannedMessage {
  const MessageWrite* write = nullptr;
  std::int64_t position = 0;
  std::int64_t global_position = 0;
};

struct MessagePlan {
  std::vector<WriteResult> results;  // one per write, in order
  std::vector<PlannedMessage> messages;
  // Of the streams that got messages, by name.
  std::map<std::string_view, std::int64_t> new_versions;
};

// The writes of each namespace, in order; pointers into `writes`.
std::map<std::string_view, std::vector<const MessageWrite*>> by_namespace(
    std::span<const MessageWrite> writes);

// `writes` are of one namespace.
MessagePlan plan_writes(std::span<const MessageWrite* const> writes, const NamespaceState& state);

// The category of the metadata's correlationStreamName; empty when it has none.
std::string correlation_of(std::string_view metadata);

}  // namespace logctl::storage
