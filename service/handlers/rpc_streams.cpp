// stream.* and category.get.
#include "service/await_callback.h"
#include "service/handlers/message_arguments.h"
#include "service/handlers/message_pages.h"
#include "service/handlers/rpc.h"
#include "service/messages/rpc_error.h"
#include "shared/base/ids.h"
#include "shared/base/json_writer.h"
#include "shared/messages/message_json.h"
#include "shared/messages/message_reader.h"
#include "shared/storage/message_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace logctl::handlers {
namespace {

using Kind = messages::RpcValue::Kind;
using messages::RpcCode;
using messages::RpcError;
using Result = storage::WriteResult;

RpcError invalid(std::string message) {
  return RpcError(RpcCode::invalid_request, std::move(message));
}

void read_message(const messages::RpcValue& argument, std::uint64_t most,
                  messages::NewMessage& message) {
  if (argument.kind != Kind::object) {
    throw invalid(fmt::format("message: expected an object, found {}", argument.described()));
  }
  thread_local messages::RpcReader reader;
  messages::RpcObject fields = reader.fields(argument);
  message.type = name_argument(fields.at("type"), "message.type");
  messages::RpcValue data = fields.take("data");
  if (data.kind != Kind::object) {
    throw invalid(fmt::format("message.data: expected an object, found {}", data.described()));
  }
  message.data = std::move(data.text);
  messages::RpcValue metadata = fields.take("metadata");
  if (!metadata.empty() && metadata.kind != Kind::object) {
    throw invalid(fmt::format("message.metadata: expected an object or null, found {}",
                              metadata.described()));
  }
  message.metadata = std::move(metadata.text);
  const std::uint64_t bytes = message.data.size() + message.metadata.size();
  if (bytes > most) {
    RpcError error = invalid(
        fmt::format("the message has {} bytes of data and metadata, allowed are {}", bytes, most));
    JsonWriter(error.details)
        .begin_object()
        .field("maxMessageBytes", most)
        .field("messageBytes", bytes)
        .end_object();
    throw error;
  }
}

void read_options(const messages::RpcValue& argument, messages::NewMessage& message) {
  const messages::RpcObject options = options_argument(argument);
  message.expected_version = whole_argument(options.at("expectedVersion"), "expectedVersion");
  if (message.expected_version && *message.expected_version < -1) {
    throw invalid(fmt::format("expectedVersion: found {}, expected -1 for a stream that is not "
                              "there, or a position from 0",
                              *message.expected_version));
  }
  const messages::RpcValue& id = options.at("id");
  if (id.empty()) return;
  message.id = name_argument(id, "id");
  if (!messages::normalize_uuid(message.id)) {
    throw invalid(fmt::format("id: expected a UUID, found '{}'", message.id.substr(0, 100)));
  }
}

RpcError version_conflict(const messages::NewMessage& message, std::int64_t expected,
                          const Result& result) {
  RpcError error(RpcCode::version_conflict,
                 fmt::format("wrong expected version: {} (stream: {}, stream version: {})",
                             expected, message.stream, result.position));
  JsonWriter(error.details)
      .begin_object()
      .field("expected", expected)
      .field("actual", result.position)
      .end_object();
  return error;
}

RpcError id_conflict(const std::string& id, const Result& result) {
  RpcError error(RpcCode::id_conflict,
                 fmt::format("the id {} belongs to another message of this namespace", id));
  JsonWriter(error.details)
      .begin_object()
      .field("id", id)
      .field("position", result.position)
      .field("globalPosition", result.global_position)
      .end_object();
  return error;
}

}  // namespace

RpcHandlers::Answer RpcHandlers::write(Call& call) {
  const auto config = config_.get();
  messages::NewMessage message;
  message.name_space = call.caller.name_space;
  message.stream = name_argument(call.call.argument(0), "stream");
  read_message(call.call.argument(1), config->messages.max_message_bytes, message);
  read_options(call.call.argument(2), message);
  if (message.id.empty()) {
    message.id = uuid_v7(services_.clock.now());
    message.id_assigned = true;
  }
  auto writing = submit(message);
  const messages::WriteOutcome outcome = co_await std::move(writing);
  const Result& result = outcome.result;
  switch (result.kind) {
    case Result::Kind::written:
    case Result::Kind::repeated:
      break;
    case Result::Kind::wrong_version:
      services_.observer.messages().refused();
      throw version_conflict(message, message.expected_version.value_or(-1), result);
    case Result::Kind::other_content:
      services_.observer.messages().refused();
      throw id_conflict(message.id, result);
    case Result::Kind::busy:  // the writer makes a failure of it
      throw Error(ErrorCode::internal, "a write was left undone");
    case Result::Kind::unknown_namespace:
      throw RpcError(RpcCode::namespace_not_found,
                     fmt::format("there is no namespace '{}'", message.name_space));
  }
  co_return http::json(200, fmt::format(R"({{"position":{},"globalPosition":{}}})", result.position,
                                        result.global_position));
}

boost::asio::awaitable<messages::WriteOutcome> RpcHandlers::submit(messages::NewMessage message) {
  // The push's answer, when it is not ok, comes in place of the writer's.
  const auto start = [this, &message](std::function<void(messages::WriteOutcome &&)> done) {
    const Push push = services_.writer.submit(std::move(message), done);
    if (push == Push::ok) return;
    messages::WriteOutcome refused;
    refused.failure = push == Push::full
                          ? Error(ErrorCode::overloaded, "too much is waiting for the store",
                                  "try again after the time in Retry-After")
                          : Error(ErrorCode::unavailable, "the server is shutting down",
                                  "try again, elsewhere or after the restart");
    done(std::move(refused));
  };
  auto waiting = await_callback<messages::WriteOutcome>(start);
  messages::WriteOutcome outcome = co_await std::move(waiting);
  if (outcome.failure) throw *outcome.failure;
  co_return outcome;
}

RpcHandlers::Answer RpcHandlers::get_stream(Call& call) {
  storage::StreamRead read;
  read.name_space = call.caller.name_space;
  read.stream = name_argument(call.call.argument(0), "stream", storage::kMostStreamBytes);
  const messages::RpcObject options = options_argument(call.call.argument(1));
  const auto position = whole_argument(options.at("position"), "position");
  read.global_position = whole_argument(options.at("globalPosition"), "globalPosition");
  if (!read.global_position) read.position = std::max<std::int64_t>(position.value_or(0), 0);
  MessageReading reading;
  reading.left = batch_argument(options.at("batchSize"));
  reading.what = std::move(read);
  return answer_messages(services_.store, services_.run_blocking, std::move(reading));
}

RpcHandlers::Answer RpcHandlers::get_category(Call& call) {
  storage::CategoryRead read;
  read.name_space = call.caller.name_space;
  // Empty: every stream.
  const messages::RpcValue& category = call.call.argument(0);
  if (category.kind != Kind::text) {
    throw invalid(fmt::format("category: expected a text, found {}", category.described()));
  }
  read.category = optional_name(category, "category");
  const messages::RpcObject options = options_argument(call.call.argument(1));
  const auto position = whole_argument(options.at("position"), "position");
  const auto global_position = whole_argument(options.at("globalPosition"), "globalPosition");
  read.global_position =
      std::max<std::int64_t>(global_position ? *global_position : position.value_or(1), 1);
  read.correlation = optional_name(options.at("correlation"), "correlation");
  if (!options.at("consumerGroup").empty()) {
    read.group = group_argument(options.at("consumerGroup"));
  }
  MessageReading reading;
  reading.left = batch_argument(options.at("batchSize"));
  reading.what = std::move(read);
  return answer_messages(services_.store, services_.run_blocking, std::move(reading));
}

RpcHandlers::Answer RpcHandlers::last(Call& call) {
  const std::string stream = name_argument(call.call.argument(0), "stream", storage::kMostStreamBytes);
  // Some clients send the type itself.
  const messages::RpcValue& argument = call.call.argument(1);
  const std::string type = argument.kind == Kind::text
                               ? optional_name(argument, "type")
                               : optional_name(options_argument(argument).at("type"), "type");
  auto asking = on_worker<std::optional<storage::Message>>(
      [name_space = call.caller.name_space, stream, type](storage::MessageStore& store) {
        return store.last(name_space, stream, type);
      });
  const auto found = co_await std::move(asking);
  std::string body;
  if (*found) {
    messages::append_stream_message(body, **found);
  } else {
    body = "null";
  }
  co_return http::json(200, std::move(body));
}

RpcHandlers::Answer RpcHandlers::version(Call& call) {
  const std::string stream = name_argument(call.call.argument(0), "stream", storage::kMostStreamBytes);
  auto asking = on_worker<std::optional<std::int64_t>>(
      [name_space = call.caller.name_space, stream](storage::MessageStore& store) {
        return store.version(name_space, stream);
      });
  const auto found = co_await std::move(asking);
  co_return http::json(200, *found ? std::to_string(**found) : std::string("null"));
}

}  // namespace logctl::handlers
