// Arguments of calls, checked. Each throws RpcError{invalid_request} that names the argument. Pure.
#pragma once

#include "shared/messages/rpc_call.h"
#include "shared/storage/message_names.h"
#include "shared/storage/message_store.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::handlers {

// Of what is written by a call. What is asked for may be longer: an import takes longer names.
constexpr std::size_t kMostNameBytes = 1024;
constexpr std::size_t kMostNamespaceBytes = 255;
constexpr std::int64_t kMostBatch = 10'000;

// A text that is not empty, of at most `most` bytes, without NUL.
std::string name_argument(const messages::RpcValue& value, std::string_view what,
                          std::size_t most = kMostNameBytes);
// A text of what is asked for, or empty when it is absent.
std::string optional_name(const messages::RpcValue& value, std::string_view what,
                          std::size_t most = storage::kMostStreamBytes);
// The fields of an object that may be absent.
messages::RpcObject options_argument(const messages::RpcValue& value);
std::optional<std::int64_t> whole_argument(const messages::RpcValue& value, std::string_view what);

// batchSize: 1000 when absent, -1 is everything.
constexpr std::uint64_t kEverything = std::numeric_limits<std::uint64_t>::max();
std::uint64_t batch_argument(const messages::RpcValue& value);
// Both fields, in their bounds.
storage::ConsumerGroup group_argument(const messages::RpcValue& value);

}  // namespace logctl::handlers
