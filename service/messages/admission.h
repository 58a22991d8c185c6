// Lets requests of the surface `messages` in: by the token of a namespace, or by an API key with
// the scope `admin`.
//
// The token is looked for in the parameter `token`, in `Authorization: Bearer` and in `X-API-Key`,
// in this order. Sets caller and principal of the request and takes it from the limits. In test
// mode every request gets in. Thread-safe; what is lent outlives it.
#pragma once

#include "service/http/request.h"
#include "service/messages/tokens.h"
#include "shared/auth/authenticator.h"
#include "shared/config/current.h"
#include "shared/metrics/observer.h"
#include "shared/ratelimit/limiter.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace logctl::messages {

class Admission {
 public:
  using RunBlocking = std::function<boost::asio::awaitable<void>(std::function<void()>)>;

  Admission(Tokens& tokens, auth::Authenticator& authenticator, ratelimit::Limiter& limiter,
            metrics::Observer& observer, std::shared_ptr<const config::Config> config,
            RunBlocking run_blocking);

  // Throws RpcError: 401, 403, 429.
  boost::asio::awaitable<void> admit(http::Request& request);

  void configure(std::shared_ptr<const config::Config> config) { config_.set(std::move(config)); }

 private:
  boost::asio::awaitable<void> admit_namespace(http::Request& request, std::string name_space,
                                               std::string_view token);
  boost::asio::awaitable<void> admit_key(http::Request& request, std::string_view token);
  boost::asio::awaitable<std::optional<std::string>> look_up(std::string name_space);
  boost::asio::awaitable<void> ask(std::function<void()> work);
  void enter(http::Request& request, std::string name_space, std::string token_hash);
  void take_request(http::Request& request);

  Tokens& tokens_;
  auth::Authenticator& authenticator_;
  ratelimit::Limiter& limiter_;
  metrics::Observer& observer_;
  config::Current config_;
  const RunBlocking run_blocking_;
};

}  // namespace logctl::messages
