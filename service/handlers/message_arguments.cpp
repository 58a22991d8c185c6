#include "service/handlers/message_arguments.h"

#include "service/messages/rpc_error.h"

#include <fmt/format.h>

namespace logctl::handlers {
namespace {

using Kind = messages::RpcValue::Kind;
using messages::RpcCode;
using messages::RpcError;
using messages::RpcValue;

[[noreturn]] void wrong(std::string_view what, std::string_view expected, const RpcValue& found) {
  throw RpcError(RpcCode::invalid_request,
                 fmt::format("{}: expected {}, found {}", what, expected, found.described()));
}

// The reader of the thread that handles the call.
messages::RpcReader& reader() {
  thread_local messages::RpcReader own;
  return own;
}

void check_name(const std::string& name, std::string_view what, std::size_t most) {
  if (name.size() > most) {
    throw RpcError(
        RpcCode::invalid_request,
        fmt::format("{}: at most {} bytes are allowed, found {}", what, most, name.size()));
  }
  if (name.find('\0') != std::string::npos) {
    throw RpcError(RpcCode::invalid_request, fmt::format("{}: NUL is not allowed in it", what));
  }
}

}  // namespace

std::string name_argument(const RpcValue& value, std::string_view what, std::size_t most) {
  if (value.kind != Kind::text) wrong(what, "a text", value);
  if (value.text.empty()) {
    throw RpcError(RpcCode::invalid_request, fmt::format("{} must not be empty", what));
  }
  check_name(value.text, what, most);
  return value.text;
}

std::string optional_name(const RpcValue& value, std::string_view what, std::size_t most) {
  if (value.empty()) return {};
  if (value.kind != Kind::text) wrong(what, "a text", value);
  check_name(value.text, what, most);
  return value.text;
}

messages::RpcObject options_argument(const RpcValue& value) {
  if (value.empty()) return messages::RpcObject();
  if (value.kind != Kind::object) wrong("options", "an object", value);
  return reader().fields(value);
}

std::optional<std::int64_t> whole_argument(const RpcValue& value, std::string_view what) {
  if (value.empty()) return std::nullopt;
  if (value.kind == Kind::number && !value.whole) {
    throw RpcError(RpcCode::invalid_request,
                   fmt::format("{}: expected a whole number of at most 64 bits, found {}", what,
                               value.text));
  }
  if (!value.whole) wrong(what, "a whole number", value);
  return value.whole;
}

std::uint64_t batch_argument(const RpcValue& value) {
  const std::int64_t batch = whole_argument(value, "batchSize").value_or(1000);
  if (batch == -1) return kEverything;
  if (batch < 0 || batch > kMostBatch) {
    throw RpcError(RpcCode::invalid_request,
                   fmt::format("batchSize: expected 0 to {}, or -1 for everything, found {}",
                               kMostBatch, batch));
  }
  return static_cast<std::uint64_t>(batch);
}

storage::ConsumerGroup group_argument(const RpcValue& value) {
  if (value.kind != Kind::object) wrong("consumerGroup", "an object", value);
  const messages::RpcObject fields = reader().fields(value);
  const auto member = whole_argument(fields.at("member"), "consumerGroup.member");
  const auto size = whole_argument(fields.at("size"), "consumerGroup.size");
  if (!member || !size) {
    throw RpcError(RpcCode::invalid_request, "consumerGroup: both member and size are required");
  }
  if (*size < 1 || *member < 0 || *member >= *size) {
    throw RpcError(
        RpcCode::invalid_request,
        fmt::format("consumerGroup: expected a size from 1 and a member from 0 to size - 1, found "
                    "member {} and size {}",
                    *member, *size));
  }
  return {*member, *size};
}

}  // namespace logctl::handlers
