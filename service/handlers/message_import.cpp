#include "service/handlers/message_import.h"

#include "service/handlers/message_import_source.h"
#include "service/messages/caller.h"
#include "service/messages/rpc_error.h"
#include "shared/ingest/json_text.h"

#include <fmt/format.h>

#include <utility>

namespace logctl::handlers {
namespace {

using boost::asio::awaitable;

// What stands around the data of a message in its line.
constexpr std::uint64_t kAroundData = 64 * 1024;

// A word that is neither must not count as false: what was to be left out would be taken in.
bool is_set(const http::Request& request, std::string_view name) {
  const std::string* value = request.parameter(name);
  if (value == nullptr || *value == "false" || *value == "0") return false;
  if (*value == "true" || *value == "1") return true;
  throw messages::RpcError(
      messages::RpcCode::invalid_request,
      fmt::format("{}: found {}, expected true or false", name, ingest::quoted(*value)));
}

}  // namespace

ImportHandlers::ImportHandlers(storage::MessageStore& store, messages::PokeHub& hub,
                               metrics::Observer& observer, const Clock& clock,
                               RunBlocking run_blocking,
                               std::shared_ptr<const config::Config> config)
    : store_(store),
      hub_(hub),
      observer_(observer),
      clock_(clock),
      run_blocking_(std::move(run_blocking)),
      config_(std::move(config)) {}

awaitable<http::Response> ImportHandlers::import(http::Request& request) {
  const messages::Caller& caller = *request.caller;
  if (caller.name_space.empty()) {
    throw messages::RpcError(
        messages::RpcCode::auth_unauthorized,
        "an API key belongs to no namespace: an import needs the token of one");
  }
  const auto config = config_.get();
  MessageImportSource::Settings settings;
  settings.name_space = caller.name_space;
  settings.force = is_set(request, "force");
  settings.skip_same = is_set(request, "resume");
  settings.make_namespace = config->messages.test_mode;
  settings.max_message_bytes = config->messages.max_message_bytes;
  settings.max_line_bytes = config->messages.max_message_bytes + kAroundData;
  http::Response response;
  response.content_type = "text/event-stream";
  response.with("Cache-Control", "no-cache").with("X-Accel-Buffering", "no");
  response.source = std::make_shared<MessageImportSource>(
      request.body_reader, store_, hub_, observer_, clock_, run_blocking_, std::move(settings));
  co_return response;
}

}  // namespace logctl::handlers
