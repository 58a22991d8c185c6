#include "service/handlers/rpc.h"

#include "service/handlers/message_errors.h"
#include "service/messages/default_namespace.h"
#include "service/messages/rpc_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

namespace logctl::handlers {

using messages::RpcCode;
using messages::RpcError;

namespace {

// The reader's buffers stay with the thread.
messages::RpcCall read_call(std::string& body) {
  thread_local messages::RpcReader reader;
  return reader.read(body);
}

}  // namespace

std::span<const RpcHandlers::Method> RpcHandlers::methods() {
  using Self = RpcHandlers;
  // clang-format off
  static constexpr std::array kMethods = {
      Method{"stream.write", Access::own, &Self::write, "stream, message, options?", "write a message"},
      Method{"stream.get", Access::own, &Self::get_stream, "stream, options?", "messages of a stream"},
      Method{"stream.last", Access::own, &Self::last, "stream, options?", "its newest message"},
      Method{"stream.version", Access::own, &Self::version, "stream", "the position of its newest message"},
      Method{"category.get", Access::own, &Self::get_category, "category, options?", "messages of a category"},
      Method{"ns.create", Access::admin, &Self::create_namespace, "id, options?", "make a namespace"},
      Method{"ns.delete", Access::admin, &Self::delete_namespace, "id", "delete a namespace and its messages"},
      Method{"ns.rotateToken", Access::admin, &Self::rotate_token, "id, options?", "give a namespace another token"},
      Method{"ns.list", Access::admin, &Self::list_namespaces, "", "all namespaces, newest first"},
      Method{"ns.info", Access::any, &Self::namespace_info, "id?", "one namespace"},
      Method{"ns.streams", Access::own, &Self::streams, "options?", "streams of the caller's namespace"},
      Method{"ns.categories", Access::own, &Self::categories, "", "categories of the caller's namespace"},
      Method{"sys.version", Access::any, &Self::system_version, "", "the version"},
      Method{"sys.health", Access::any, &Self::system_health, "", "the state of the store"},
  };
  // clang-format on
  return kMethods;
}

RpcHandlers::RpcHandlers(Services services, std::shared_ptr<const config::Config> config)
    : services_(std::move(services)), config_(std::move(config)) {}

RpcHandlers::Answer RpcHandlers::rpc(http::Request& request) {
  const auto started = std::chrono::steady_clock::now();
  const Method* method = nullptr;
  http::Response response;
  try {
    Call call{read_call(request.body), *request.caller};
    auto answering = dispatch(call, method);
    response = co_await std::move(answering);
  } catch (const Error& error) {
    response = message_error_response(error);
  }
  const auto took = std::chrono::steady_clock::now() - started;
  services_.observer.messages().called(method != nullptr ? method->name : "unknown",
                                       response.status,
                                       std::chrono::duration_cast<microseconds>(took));
  co_return response;
}

// Test mode has its messages in memory, so this waits for nobody. Not before the methods that name a
// namespace: there, one that was deleted stays so.
void RpcHandlers::ensure_own_namespace(const Call& call) const {
  if (!config_.get()->messages.test_mode) return;
  messages::ensure_any_namespace(services_.store, call.caller.name_space, services_.clock);
}

RpcHandlers::Answer RpcHandlers::dispatch(Call& call, const Method*& method) {
  const auto all = methods();
  const auto found = std::ranges::find(all, call.call.method, &Method::name);
  if (found == all.end()) {
    throw RpcError(RpcCode::method_not_found,
                   fmt::format("there is no method '{}'", call.call.method.substr(0, 100)));
  }
  method = &*found;
  if (method->access == Access::own && call.caller.name_space.empty()) {
    throw RpcError(RpcCode::auth_unauthorized,
                   fmt::format("an API key belongs to no namespace: {} needs a namespace's token",
                               method->name));
  }
  if (method->access == Access::admin && !call.caller.admin) {
    throw RpcError(RpcCode::auth_unauthorized,
                   fmt::format("{} needs an API key with the scope 'admin', or "
                               "messages.open_admin in the server's configuration",
                               method->name));
  }
  if (method->access == Access::own) ensure_own_namespace(call);
  return (this->*method->handler)(call);
}

}  // namespace logctl::handlers
