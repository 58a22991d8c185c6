#include "service/http/session.h"
#include "shared/base/ids.h"

namespace logctl::http {
namespace {

// A key that nobody knows may be one that was made a moment ago, so the store is asked; made-up
// keys must not keep it busy. Housekeeping finds new keys within a second anyway.
constexpr std::string_view kLookUpBucket = "*key look-ups";
constexpr double kLookUpsPerSecond = 100;
constexpr std::uint32_t kLookUpBurst = 200;

}  // namespace

asio::awaitable<Response> Session::answer() {
  if (refused_) {
    throw Error(ErrorCode::overloaded,
                "all " + std::to_string(settings().max_connections) + " connections are in use",
                "try again later, or raise server.max_connections");
  }
  parse_target();

  const bool preflight = request_.method == Method::options && settings().cors_enabled &&
                         !request_.header("origin").empty() &&
                         !request_.header("access-control-request-method").empty();
  Router::Match match =
      context_->services().router.match(request_.method, request_.path, surfaces_);
  if (preflight || (request_.method == Method::options && match.route == nullptr)) {
    co_return options_answer(match, preflight);
  }
  if (match.route == nullptr) {
    exchange_.error_format = match.error_format;
    if (match.allowed.empty()) {
      throw Error(ErrorCode::not_found, "no such path: " + request_.path);
    }
    exchange_.allow = std::move(match.allowed);
    throw Error(ErrorCode::method_not_allowed,
                (request_.method == Method::other ? std::string("this method")
                                                  : std::string(method_name(request_.method))) +
                    " is not possible on " + request_.path + ", expected " + exchange_.allow);
  }
  const Route& route = *match.route;
  exchange_.route = &route;
  request_.path_arguments = std::move(match.arguments);

  if (route.admission) {
    co_await route.admission(request_);
  } else if (route.scope != auth::Scope::none) {
    co_await admit(route);
  }
  // Only calls that take something in have a use for a body; what others send is not kept.
  if (!exchange_.body_done && route.method == Method::post) {
    limit_body(route);
    // Of a body that turns out to be broken, the bytes came as well.
    struct Charge {
      Session& session;
      ~Charge() { session.charge_body(); }
    } const charge{*this};
    if (route.reads_body) {
      lend_body();
    } else {
      co_await read_body();
    }
  }
  if (route.scope != auth::Scope::read) co_return co_await route.handler(request_);
  co_return co_await handle_watched(route);
}

void Session::parse_target() {
  std::string_view target = request_.target;
  // Proxies may send the absolute form.
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t slash = target.find_first_of("/?");
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    break;
  }
  if (target == "*" && request_.method == Method::options) {
    request_.path.assign(1, '*');
    return;
  }
  const std::size_t question = target.find('?');
  const std::string_view path = target.substr(0, question);
  if (!path.starts_with('/')) {
    throw Error(ErrorCode::invalid_request, "the request target must begin with '/'");
  }
  if (path.find('%') == std::string_view::npos) {
    request_.path.assign(path);
  } else {
    auto decoded = percent_decode(path, false);
    if (!decoded) throw Error(ErrorCode::invalid_request, "broken %-escape in the path");
    request_.path = std::move(*decoded);
  }
  if (question == std::string_view::npos) return;
  auto parameters = parse_query_string(target.substr(question + 1));
  if (!parameters) {
    throw Error(ErrorCode::invalid_request,
                "broken %-escape in the query parameters: expected % and two hexadecimal digits, "
                "not 00");
  }
  request_.parameters = std::move(*parameters);
}

Response Session::options_answer(const Router::Match& match, bool preflight) {
  if (preflight) return preflight_response();
  if (match.allowed.empty() && request_.path != "*") {
    throw Error(ErrorCode::not_found, "no such path: " + request_.path);
  }
  exchange_.allow =
      request_.path == "*" ? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" : match.allowed;
  Response response;
  response.status = 204;
  return response;
}

asio::awaitable<void> Session::admit(const Route& route) {
  const Services& services = context_->services();
  const auto now = std::chrono::steady_clock::now();
  const std::string token = find_token(request_, route.surface);
  auth::Answer key = services.authenticator.check(token);
  if (key.verdict == auth::Verdict::not_in_snapshot) {
    // The key may be a second old: "try again" is true, "invalid" might not be.
    if (!services.limiter.take(kLookUpBucket, kLookUpsPerSecond, kLookUpBurst, now).allowed) {
      throw Error(ErrorCode::overloaded, "too many unknown keys are being looked up",
                  "try again in 1 s");
    }
    std::function<void()> refresh = [&services] { services.authenticator.refresh(); };
    co_await services.run_blocking(std::move(refresh));
    key = services.authenticator.check(token);
  }
  request_.principal = require_scope(key, route.scope);
  const std::optional<Timestamp> ends = request_.principal->expires_at;
  if (ends && *ends - system_clock().now() <= config_->auth.expiry_notice) {
    exchange_.key_ends = ends;
  }
  if (config_->ratelimit.enabled) require(Bucket::requests, 1);
}

// Takes from the bucket, or throws Error{rate_limited}.
void Session::require(Bucket bucket, double cost) {
  const Services& services = context_->services();
  KeyBuckets buckets(services.limiter, *request_.principal);
  const auto decision = buckets.take(bucket, std::chrono::steady_clock::now(), cost);
  if (bucket == Bucket::requests) request_.rate = decision;
  if (!decision.allowed) throw refused_by(services.observer, request_, bucket, decision);
}

// Before a body is read: by the length that it says it has. One that says none is let in while its
// key has anything left, and charged when it is there. How many records it holds is known even
// later; a key that has none left is spared the way.
void Session::limit_body(const Route& route) {
  if (!request_.principal || !config_->ratelimit.enabled) return;
  const Services& services = context_->services();
  if (route.scope == auth::Scope::ingest) {
    KeyBuckets buckets(services.limiter, *request_.principal);
    const auto records = buckets.look(Bucket::records, std::chrono::steady_clock::now(), 1);
    if (!records.allowed) throw refused_by(services.observer, request_, Bucket::records, records);
  }
  const std::uint64_t length = parser_->content_length().value_or(0);
  require(Bucket::bytes, parser_->chunked() ? 1 : static_cast<double>(length));
}

void Session::charge_body() {
  if (!request_.principal || !config_->ratelimit.enabled || !parser_->chunked()) return;
  if (exchange_.bytes_in <= 1) return;
  KeyBuckets buckets(context_->services().limiter, *request_.principal);
  buckets.charge(Bucket::bytes, std::chrono::steady_clock::now(),
                 static_cast<double>(exchange_.bytes_in - 1));
}

}  // namespace logctl::http
