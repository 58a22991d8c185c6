// ns.* and sys.*.
#include "service/handlers/message_arguments.h"
#include "service/handlers/rpc.h"
#include "service/messages/rpc_error.h"
#include "shared/base/hash.h"
#include "shared/base/json_writer.h"
#include "shared/messages/message_json.h"
#include "shared/messages/token.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

namespace logctl::handlers {
namespace {

using Kind = messages::RpcValue::Kind;
using messages::RpcCode;
using messages::RpcError;

constexpr std::int64_t kMostStreams = 1000;

RpcError not_found(std::string_view name_space) {
  return RpcError(RpcCode::namespace_not_found,
                  fmt::format("there is no namespace '{}'", name_space));
}

std::string namespace_argument(const messages::RpcValue& value) {
  return name_argument(value, "namespace", kMostNamespaceBytes);
}

// The token that the caller wants for the namespace, or a new one.
std::string token_option(const messages::RpcObject& options, const std::string& id) {
  std::string token = optional_name(options.at("token"), "token");
  if (token.empty()) return messages::make_token(id);
  if (messages::namespace_of(token) == id) return token;
  throw RpcError(RpcCode::invalid_request,
                 fmt::format("token: expected one of the namespace '{}': ns_, its name in "
                             "base64url, _ and 64 hex digits",
                             id));
}

std::string token_answer(std::string_view id, std::string_view token, Timestamp made_at) {
  std::string body;
  JsonWriter(body)
      .begin_object()
      .field("namespace", id)
      .field("token", token)
      .field("createdAt", made_at)
      .end_object();
  return body;
}

void write_time(JsonWriter& json, const std::optional<storage::MessageTime>& time) {
  if (!time) {
    json.null();
    return;
  }
  std::string text;
  messages::append_time(text, *time);
  json.value(text);
}

void write_figures(JsonWriter& json, const storage::NamespaceFigures& row) {
  json.field("namespace", row.id)
      .field("description", row.description)
      .field("createdAt", row.created_at)
      .field("messageCount", row.messages)
      .field("streamCount", row.streams)
      .field("lastGlobalPosition", row.last_global_position)
      .key("lastActivity");
  write_time(json, row.last_activity);
}

}  // namespace

RpcHandlers::Answer RpcHandlers::create_namespace(Call& call) {
  storage::Namespace row;
  row.id = namespace_argument(call.call.argument(0));
  const messages::RpcObject options = options_argument(call.call.argument(1));
  row.description = optional_name(options.at("description"), "description", kMostNameBytes);
  const messages::RpcValue& metadata = options.at("metadata");
  if (!metadata.empty() && metadata.kind != Kind::object) {
    throw RpcError(RpcCode::invalid_request,
                   fmt::format("metadata: expected an object, found {}", metadata.described()));
  }
  const std::uint64_t most = config_.get()->messages.max_message_bytes;
  if (metadata.text.size() > most) {
    throw RpcError(RpcCode::invalid_request,
                   fmt::format("metadata: at most {} bytes are allowed (messages."
                               "max_message_bytes), found {}",
                               most, metadata.text.size()));
  }
  row.metadata = metadata.text;
  const std::string token = token_option(options, row.id);
  row.token_hash = sha256_hex(token);
  row.created_at = services_.clock.now();
  auto making =
      on_worker<bool>([row](storage::MessageStore& store) { return store.create_namespace(row); });
  const auto made = co_await std::move(making);
  if (!*made) {
    RpcError error(RpcCode::namespace_exists,
                   fmt::format("the namespace '{}' exists already", row.id));
    error.details = RpcError::detail("namespace", row.id);
    throw error;
  }
  services_.tokens.remember(row.id, row.token_hash);
  co_return http::json(200, token_answer(row.id, token, row.created_at));
}

// The old token ends at once here, and within a second at other daemons of the store.
RpcHandlers::Answer RpcHandlers::rotate_token(Call& call) {
  const std::string id = namespace_argument(call.call.argument(0));
  const std::string token = token_option(options_argument(call.call.argument(1)), id);
  auto setting = on_worker<bool>([id, hash = sha256_hex(token), &tokens = services_.tokens,
                                  &hub = services_.hub](storage::MessageStore& store) {
    if (!store.set_token(id, hash)) return false;
    tokens.remember(id, hash);
    hub.changed(id);
    return true;
  });
  const auto set = co_await std::move(setting);
  if (!*set) throw not_found(id);
  co_return http::json(200, token_answer(id, token, services_.clock.now()));
}

RpcHandlers::Answer RpcHandlers::delete_namespace(Call& call) {
  const std::string id = namespace_argument(call.call.argument(0));
  auto deleting = on_worker<std::optional<std::int64_t>>(
      [id, &tokens = services_.tokens, &hub = services_.hub](storage::MessageStore& store) {
        const auto messages = store.delete_namespace(id);
        tokens.forget(id);
        if (messages) hub.changed(id);
        return messages;
      });
  const auto messages = co_await std::move(deleting);
  if (!*messages) throw not_found(id);
  std::string body;
  JsonWriter(body)
      .begin_object()
      .field("namespace", id)
      .field("deletedAt", services_.clock.now())
      .field("messagesDeleted", **messages)
      .end_object();
  co_return http::json(200, std::move(body));
}

RpcHandlers::Answer RpcHandlers::list_namespaces(Call&) {
  auto asking = on_worker<std::vector<storage::NamespaceFigures>>(
      [](storage::MessageStore& store) { return store.namespaces(); });
  const auto rows = co_await std::move(asking);
  std::string body;
  JsonWriter json(body);
  json.begin_array();
  for (const storage::NamespaceFigures& row : *rows) {
    json.begin_object();
    write_figures(json, row);
    json.end_object();
  }
  json.end_array();
  co_return http::json(200, std::move(body));
}

RpcHandlers::Answer RpcHandlers::namespace_info(Call& call) {
  const messages::RpcValue& argument = call.call.argument(0);
  const std::string& own = call.caller.name_space;
  const bool asks_for_own = argument.empty() && !own.empty();
  const std::string id = asks_for_own ? own : namespace_argument(argument);
  if (asks_for_own) ensure_own_namespace(call);
  if (id != own && !call.caller.admin) {
    throw RpcError(RpcCode::auth_unauthorized,
                   fmt::format("the token of a namespace shows that one only: '{}'", own));
  }
  auto asking = on_worker<std::optional<storage::NamespaceFigures>>(
      [id](storage::MessageStore& store) { return store.namespace_figures(id); });
  const auto found = co_await std::move(asking);
  if (!*found) throw not_found(id);
  const storage::NamespaceFigures& row = **found;
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  write_figures(json, row);
  json.key("metadata");
  if (row.metadata.empty()) {
    json.null();
  } else {
    json.raw(row.metadata);
  }
  json.end_object();
  co_return http::json(200, std::move(body));
}

RpcHandlers::Answer RpcHandlers::streams(Call& call) {
  const messages::RpcObject options = options_argument(call.call.argument(0));
  const std::string prefix = optional_name(options.at("prefix"), "prefix");
  const std::string cursor = optional_name(options.at("cursor"), "cursor");
  const std::int64_t limit = whole_argument(options.at("limit"), "limit").value_or(100);
  if (limit < 1 || limit > kMostStreams) {
    throw RpcError(RpcCode::invalid_request,
                   fmt::format("limit: expected 1 to {}, found {}", kMostStreams, limit));
  }
  auto asking = on_worker<std::vector<storage::StreamFigures>>(
      [name_space = call.caller.name_space, prefix, cursor, limit](storage::MessageStore& store) {
        return store.streams(name_space, prefix, cursor, static_cast<std::size_t>(limit));
      });
  const auto rows = co_await std::move(asking);
  std::string body;
  JsonWriter json(body);
  json.begin_array();
  for (const storage::StreamFigures& row : *rows) {
    json.begin_object().field("stream", row.stream).field("version", row.version);
    json.key("lastActivity");
    write_time(json, row.last_activity);
    json.end_object();
  }
  json.end_array();
  co_return http::json(200, std::move(body));
}

RpcHandlers::Answer RpcHandlers::categories(Call& call) {
  auto asking = on_worker<std::vector<storage::CategoryFigures>>(
      [name_space = call.caller.name_space](storage::MessageStore& store) {
        return store.categories(name_space);
      });
  const auto rows = co_await std::move(asking);
  std::string body;
  JsonWriter json(body);
  json.begin_array();
  for (const storage::CategoryFigures& row : *rows) {
    json.begin_object()
        .field("category", row.category)
        .field("streamCount", row.streams)
        .field("messageCount", row.messages)
        .end_object();
  }
  json.end_array();
  co_return http::json(200, std::move(body));
}

RpcHandlers::Answer RpcHandlers::system_version(Call&) {
  std::string body;
  JsonWriter(body).value(LOGCTL_VERSION);
  co_return http::json(200, std::move(body));
}

RpcHandlers::Answer RpcHandlers::system_health(Call&) {
  // Asks the store something small: an answer from memory would say nothing.
  auto asking = on_worker<bool>([](storage::MessageStore& store) {
    static_cast<void>(store.find_namespace("default"));
    return true;
  });
  co_await std::move(asking);
  std::string body;
  JsonWriter(body)
      .begin_object()
      .field("status", "ok")
      .field("backend", services_.health.backend)
      .field("connections", services_.health.connections())
      .end_object();
  co_return http::json(200, std::move(body));
}

}  // namespace logctl::handlers
