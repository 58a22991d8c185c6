#include "service/handlers/subscribe.h"

#include "service/handlers/subscription_source.h"
#include "service/messages/caller.h"
#include "service/messages/default_namespace.h"
#include "service/messages/rpc_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace logctl::handlers {
namespace {

using boost::asio::awaitable;
using messages::PokeFilter;

// What is wrong with the parameters; answered as plain text.
struct Wrong {
  std::string message;
};

std::optional<std::int64_t> number(std::string_view name, std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < 0) {
    throw Wrong{
        fmt::format("{}: found '{}', expected a whole number from 0", name, text.substr(0, 100))};
  }
  return value;
}

std::optional<std::int64_t> number(const http::Request& request, std::string_view name) {
  const std::string* text = request.parameter(name);
  return text == nullptr ? std::nullopt : number(name, *text);
}

std::string text(const http::Request& request, std::string_view name) {
  const std::string* found = request.parameter(name);
  return found == nullptr ? std::string() : *found;
}

// Of two values one would be passed over.
void require_single(const http::Request& request) {
  std::set<std::string_view> seen;
  for (const auto& [name, value] : request.parameters) {
    if (!seen.insert(name).second) {
      throw Wrong{fmt::format("{}: it is there twice", name.substr(0, 100))};
    }
  }
}

void read_filter(const http::Request& request, SubscriptionSource::Settings& settings) {
  const std::string stream = text(request, "stream");
  const std::string category = text(request, "category");
  const std::string all = text(request, "all");
  const bool everything = all == "true" || all == "1";
  const int given = (stream.empty() ? 0 : 1) + (category.empty() ? 0 : 1) + (everything ? 1 : 0);
  if (given != 1) {
    throw Wrong{"expected exactly one of stream=NAME, category=NAME and all=true"};
  }
  const std::optional<std::int64_t> position = number(request, "position");
  const auto consumer = number(request, "consumer");
  const auto size = number(request, "size");
  PokeFilter& filter = settings.filter;
  if (consumer || size) {
    if (category.empty()) throw Wrong{"consumer and size belong to category=NAME"};
    if (!consumer || !size) throw Wrong{"consumer and size: both are required"};
    if (*size < 1 || *consumer >= *size) {
      throw Wrong{"consumer: expected a number from 0 to size - 1"};
    }
    filter.group = storage::ConsumerGroup{*consumer, *size};
  }
  if (!stream.empty()) {
    filter.kind = PokeFilter::Kind::stream;
    filter.name = stream;
    filter.position = position.value_or(0);
    settings.after = 0;
  } else if (!category.empty()) {
    filter.kind = PokeFilter::Kind::category;
    filter.name = category;
    settings.after = std::max<std::int64_t>(position.value_or(0) - 1, 0);
  } else if (position.value_or(0) > 0) {
    settings.after = *position - 1;
  }
}

}  // namespace

SubscribeHandlers::SubscribeHandlers(messages::PokeHub& hub, storage::MessageStore& store,
                                     metrics::Observer& observer, const Clock& clock,
                                     RunBlocking run_blocking,
                                     std::shared_ptr<const config::Config> config)
    : hub_(hub),
      store_(store),
      observer_(observer),
      clock_(clock),
      run_blocking_(std::move(run_blocking)),
      config_(std::move(config)) {}

awaitable<http::Response> SubscribeHandlers::subscribe(http::Request& request) {
  const messages::Caller& caller = *request.caller;
  if (caller.name_space.empty()) {
    throw messages::RpcError(messages::RpcCode::auth_unauthorized,
                             "an API key belongs to no namespace: a subscription needs the token "
                             "of one");
  }
  SubscriptionSource::Settings settings;
  settings.name_space = caller.name_space;
  settings.token_hash = caller.token_hash;
  settings.heartbeat = config_.get()->messages.heartbeat;
  http::Response response;
  try {
    require_single(request);
    read_filter(request, settings);
    if (const auto last = number("Last-Event-ID", request.header("last-event-id"))) {
      settings.after = *last;
    }
  } catch (const Wrong& wrong) {
    response = http::text(400, wrong.message + "\n");
  }
  response.with("Access-Control-Allow-Origin", "*");
  if (response.status != 200) co_return response;
  if (config_.get()->messages.test_mode) {
    messages::ensure_any_namespace(store_, caller.name_space, clock_);
  }
  response.content_type = "text/event-stream";
  response.with("Cache-Control", "no-cache").with("X-Accel-Buffering", "no");
  response.source = std::make_shared<SubscriptionSource>(hub_, store_, observer_, run_blocking_,
                                                         std::move(settings));
  co_return response;
}

}  // namespace logctl::handlers
