// GET /api/v1/logs/tail: records as they are stored, as server-sent events.
//
// An event's id is the place to come back to: sent as Last-Event-ID, the stream goes on behind it,
// from the hub's memory or else from the store. Besides records there are the events `skipped`
// (the client was too slow for so many records), `error` and `end`. Thread-safe; everything lent
// outlives it.
#pragma once

#include "service/heavy_work.h"
#include "service/http/request.h"
#include "service/http/response.h"
#include "service/tail/hub.h"
#include "shared/auth/authenticator.h"
#include "shared/base/clock.h"
#include "shared/config/current.h"
#include "shared/storage/store.h"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace logctl::handlers {

class TailHandlers {
 public:
  TailHandlers(tail::Hub& hub, storage::LogStore& store, HeavyWork& work,
               auth::Authenticator& authenticator, std::shared_ptr<const config::Config> config,
               const Clock& clock);

  // Holds for requests from now on.
  void configure(std::shared_ptr<const config::Config> config) { config_.set(std::move(config)); }

  boost::asio::awaitable<http::Response> tail(http::Request& request);

 private:
  tail::Hub& hub_;
  storage::LogStore& store_;
  HeavyWork& work_;
  auth::Authenticator& authenticator_;
  config::Current config_;
  const Clock& clock_;
};

}  // namespace logctl::handlers
