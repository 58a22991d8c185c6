#include "service/messages/admission.h"

#include "service/handlers/message_errors.h"
#include "service/http/access.h"
#include "service/messages/caller.h"
#include "service/messages/rpc_error.h"
#include "shared/base/error.h"
#include "shared/base/hash.h"
#include "shared/messages/token.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

namespace logctl::messages {
namespace {

using boost::asio::awaitable;

// Made-up tokens must not keep the store busy, nor use up what others may look up: no client takes
// more than its part, and tokens that were valid when last looked at take from none of these.
struct Budget {
  double per_second;
  std::uint32_t burst;
};
constexpr Budget kOfClient{50, 500};
constexpr Budget kOfNamespace{50, 100};  // one that exists
constexpr Budget kOfUnknownNamespaces{500, 1000};
constexpr Budget kOfKeys{100, 200};

constexpr std::string_view kDefault = "default";

// What follows the scheme Bearer; nothing when there is another scheme or none.
std::string_view bearer(std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  if (header.size() <= kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = header[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != kScheme[i]) return {};
  }
  std::string_view token = header.substr(kScheme.size());
  while (token.starts_with(' ')) token.remove_prefix(1);
  while (token.ends_with(' ')) token.remove_suffix(1);
  return token;
}

std::string find_token(const http::Request& request) {
  if (const std::string* parameter = request.parameter("token");
      parameter != nullptr && !parameter->empty()) {
    return *parameter;
  }
  std::string_view token = bearer(request.header("authorization"));
  if (token.empty()) token = request.header("x-api-key");
  return std::string(token);
}

RpcError invalid_token(std::string_view why) {
  RpcError error(RpcCode::auth_invalid_token, "the token is not valid");
  error.details = RpcError::detail("error", why);
  return error;
}

RpcError not_authorized(std::string_view name_space) {
  RpcError error(RpcCode::auth_unauthorized, "the token does not open this namespace");
  error.details = RpcError::detail("namespace", name_space);
  return error;
}

void take_look_up(ratelimit::Limiter& limiter, const http::Request& request,
                  std::string_view bucket, const Budget& budget) {
  const auto now = std::chrono::steady_clock::now();
  const auto take = [&](std::string_view name, const Budget& from) {
    return limiter.take(name, from.per_second, from.burst, now).allowed;
  };
  const std::string client = fmt::format("*look-ups by {}", request.remote);
  if (take(client, kOfClient) && take(bucket, budget)) return;
  throw Error(ErrorCode::overloaded, "too many tokens are being looked up", "try again in 1 s");
}

}  // namespace

Admission::Admission(Tokens& tokens, auth::Authenticator& authenticator,
                     ratelimit::Limiter& limiter, metrics::Observer& observer,
                     std::shared_ptr<const config::Config> config, RunBlocking run_blocking)
    : tokens_(tokens),
      authenticator_(authenticator),
      limiter_(limiter),
      observer_(observer),
      config_(std::move(config)),
      run_blocking_(std::move(run_blocking)) {}

awaitable<void> Admission::admit(http::Request& request) {
  const std::string token = find_token(request);
  std::optional<std::string> name_space = namespace_of(token);
  if (config_.get()->messages.test_mode) {
    enter(request, name_space ? std::move(*name_space) : std::string(kDefault), {});
    co_return;
  }
  if (token.empty()) {
    throw RpcError(RpcCode::auth_required,
                   "a token is required: Authorization: Bearer TOKEN, or the parameter token");
  }
  if (name_space) {
    auto entering = admit_namespace(request, std::move(*name_space), token);
    co_await std::move(entering);
  } else {
    auto entering = admit_key(request, token);
    co_await std::move(entering);
  }
}

awaitable<void> Admission::admit_namespace(http::Request& request, std::string name_space,
                                           std::string_view token) {
  const std::string hash = sha256_hex(token);
  const Known known = tokens_.known(name_space, hash);
  if (known != Known::valid) {
    if (known == Known::other) {
      take_look_up(limiter_, request, fmt::format("*look-ups of {}", name_space), kOfNamespace);
    } else if (known == Known::nothing) {
      take_look_up(limiter_, request, "*namespace look-ups", kOfUnknownNamespaces);
    }
    auto looking = look_up(name_space);
    const std::optional<std::string> expected = co_await std::move(looking);
    // Empty, and so equal to no hash: the namespace has no token yet.
    if (!expected || !equal_constant_time(*expected, hash)) throw not_authorized(name_space);
  }
  enter(request, std::move(name_space), hash);
}

awaitable<std::optional<std::string>> Admission::look_up(std::string name_space) {
  // Shared with the worker, which may outlive the request.
  const auto found = std::make_shared<std::optional<std::string>>();
  std::function<void()> work = [&tokens = tokens_, found, name_space = std::move(name_space)] {
    *found = tokens.look_up(name_space);
  };
  auto looking = ask(std::move(work));
  co_await std::move(looking);
  co_return std::move(*found);
}

// Who asks is not known yet: where the store is and what it says is not for him.
awaitable<void> Admission::ask(std::function<void()> work) {
  try {
    co_await run_blocking_(std::move(work));
  } catch (const Error& error) {
    observer_.emit(metrics::StoreFailed{"look up a token", error.message()});
    handlers::throw_for_client(error);
  }
}

awaitable<void> Admission::admit_key(http::Request& request, std::string_view token) {
  auth::Answer answer = authenticator_.check(token);
  if (answer.verdict == auth::Verdict::not_in_snapshot) {
    take_look_up(limiter_, request, "*messages key look-ups", kOfKeys);
    std::function<void()> refresh = [&authenticator = authenticator_] { authenticator.refresh(); };
    auto refreshing = ask(std::move(refresh));
    co_await std::move(refreshing);
    answer = authenticator_.check(token);
  }
  if (answer.verdict == auth::Verdict::expired) throw invalid_token("the API key has expired");
  if (answer.verdict != auth::Verdict::ok) {
    throw invalid_token(
        "expected ns_, the namespace in base64url, _ and 64 hex digits, or an API key");
  }
  request.principal = answer.principal;
  if (!answer.principal->scopes.has(auth::Scope::admin)) {
    throw RpcError(RpcCode::auth_unauthorized,
                   fmt::format("key '{}' lacks the scope 'admin', which streams ask for",
                               answer.principal->key_id));
  }
  auto caller = std::make_shared<Caller>();
  caller->admin = true;
  request.caller = std::move(caller);
  if (!config_.get()->ratelimit.enabled) co_return;
  take_request(request);
}

void Admission::enter(http::Request& request, std::string name_space, std::string token_hash) {
  const auto config = config_.get();
  auto principal = std::make_shared<auth::Principal>();
  // No key's id holds a slash: the limits of a key and a namespace never meet.
  principal->key_id = fmt::format("ns/{}", name_space);
  principal->name = name_space;
  principal->rps = config->messages.rps;
  principal->burst = config->messages.burst;
  request.principal = std::move(principal);
  auto caller = std::make_shared<Caller>();
  caller->name_space = std::move(name_space);
  caller->token_hash = std::move(token_hash);
  caller->admin = config->messages.open_admin || config->messages.test_mode;
  request.caller = std::move(caller);
  take_request(request);
}

void Admission::take_request(http::Request& request) {
  http::KeyBuckets buckets(limiter_, *request.principal);
  const auto decision = buckets.take(http::Bucket::requests, std::chrono::steady_clock::now(), 1);
  request.rate = decision;
  if (!decision.allowed) {
    throw http::refused_by(observer_, request, http::Bucket::requests, decision);
  }
}

}  // namespace logctl::messages
