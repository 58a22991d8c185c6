// DELETE /api/v1/logs: deletes what a query matches, in two steps (maintenance/deletion.h).
//
// Thread-safe: it keeps no state between requests. Everything lent outlives it. The store is asked
// through `run_blocking`. A deletion that has begun is done to its end, whoever waits for it.
#pragma once

#include "service/http/request.h"
#include "service/http/response.h"
#include "shared/base/clock.h"
#include "shared/metrics/observer.h"
#include "shared/storage/backend.h"

#include <boost/asio/awaitable.hpp>

#include <functional>

namespace logctl::handlers {

class DeletionHandlers {
 public:
  using RunBlocking = std::function<boost::asio::awaitable<void>(std::function<void()>)>;

  DeletionHandlers(storage::Backend& store, const Clock& clock, metrics::Observer& observer,
                   RunBlocking run_blocking)
      : store_(store), clock_(clock), observer_(observer), run_blocking_(std::move(run_blocking)) {}

  // `q` says what; without `confirm` it tells how many and what to confirm with. Of the tenant of
  // the key, which must not be bound to a part of it.
  boost::asio::awaitable<http::Response> remove(http::Request& request);

 private:
  storage::Backend& store_;
  const Clock& clock_;
  metrics::Observer& observer_;
  const RunBlocking run_blocking_;
};

}  // namespace logctl::handlers
