// GET /subscribe: pokes of messages as they are written, as server-sent events.
//
// Thread-safe; everything lent outlives it.
#pragma once

#include "service/http/request.h"
#include "service/http/response.h"
#include "service/messages/hub.h"
#include "shared/base/clock.h"
#include "shared/config/current.h"
#include "shared/metrics/observer.h"
#include "shared/storage/message_store.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>

namespace logctl::handlers {

class SubscribeHandlers {
 public:
  using RunBlocking = std::function<boost::asio::awaitable<void>(std::function<void()>)>;

  SubscribeHandlers(messages::PokeHub& hub, storage::MessageStore& store,
                    metrics::Observer& observer, const Clock& clock, RunBlocking run_blocking,
                    std::shared_ptr<const config::Config> config);

  boost::asio::awaitable<http::Response> subscribe(http::Request& request);

  // Holds for requests from now on.
  void configure(std::shared_ptr<const config::Config> config) { config_.set(std::move(config)); }

 private:
  messages::PokeHub& hub_;
  storage::MessageStore& store_;
  metrics::Observer& observer_;
  const Clock& clock_;
  const RunBlocking run_blocking_;
  config::Current config_;
};

}  // namespace logctl::handlers
