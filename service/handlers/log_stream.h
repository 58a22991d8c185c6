// GET and POST /api/v1/logs/query: every record that matches, as one line of JSON each, made page
// by page while it is sent.
//
// Memory is one page for each answer, whatever the length. The last line says how it ended:
// {"end":"complete"}, {"end":"limit","next_cursor":...}, or {"error":...} and the connection breaks
// off. A client that hangs up ends the statement that runs for it. Thread-safe; everything lent
// outlives it.
#pragma once

#include "service/heavy_work.h"
#include "service/http/request.h"
#include "service/http/response.h"
#include "shared/base/clock.h"
#include "shared/config/current.h"
#include "shared/metrics/observer.h"
#include "shared/storage/store.h"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace logctl::handlers {

class LogStreamHandlers {
 public:
  LogStreamHandlers(storage::LogStore& store, HeavyWork& work,
                    std::shared_ptr<const config::Config> config, const Clock& clock,
                    metrics::Observer& observer);

  // Holds for requests from now on.
  void configure(std::shared_ptr<const config::Config> config) { config_.set(std::move(config)); }

  boost::asio::awaitable<http::Response> query(http::Request& request);

 private:
  storage::LogStore& store_;
  HeavyWork& work_;
  config::Current config_;
  const Clock& clock_;
  metrics::Observer& observer_;
};

}  // namespace logctl::handlers
