// The HTTP calls that read records: Change66's recent, filter and statistics, the Log Aggregator's
// list, and one record by its public id.
//
// Thread-safe: it keeps no state between requests. Everything lent outlives it. Store calls run
// through `run`, never on an io thread. A bad parameter is answered with 400 here; errors
// of the store are thrown to the session.
#pragma once

#include "service/handlers/ask_store.h"
#include "service/http/request.h"
#include "service/http/response.h"
#include "shared/base/clock.h"
#include "shared/config/current.h"
#include "shared/metrics/observer.h"
#include "shared/query/parameters.h"
#include "shared/storage/counting.h"
#include "shared/storage/store.h"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace logctl::handlers {

class LogHandlers {
 public:
  // With `counts`, a total that would take long to count is an estimate.
  LogHandlers(storage::LogStore& store, std::shared_ptr<const config::Config> config,
              const Clock& clock, metrics::Observer& observer, RunForClient run,
              storage::CountStore* counts = nullptr);

  // Holds for requests from now on.
  void configure(std::shared_ptr<const config::Config> config) { config_.set(std::move(config)); }

  boost::asio::awaitable<http::Response> recent(http::Request& request);
  boost::asio::awaitable<http::Response> filter(http::Request& request);
  boost::asio::awaitable<http::Response> list(http::Request& request);
  // The id is the first path argument.
  boost::asio::awaitable<http::Response> record(http::Request& request);
  boost::asio::awaitable<http::Response> statistics(http::Request& request);
  // What the messages that match have in common.
  boost::asio::awaitable<http::Response> patterns(http::Request& request);
  // What stands around the record `id`.
  boost::asio::awaitable<http::Response> context(http::Request& request);

 private:
  boost::asio::awaitable<void> ask(http::Request& request, std::function<void()> work);

  storage::LogStore& store_;
  config::Current config_;
  const Clock& clock_;
  metrics::Observer& observer_;
  const RunForClient run_;
  storage::CountStore* const counts_;
};

}  // namespace logctl::handlers
