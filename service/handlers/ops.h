// Answers about the daemon itself: health, probes, version, limits, metrics, status. Never waits
// for the store except in `status`, which counts rows.
#pragma once

#include "service/accounting_view.h"
#include "service/durable_queue.h"
#include "service/http/request.h"
#include "service/http/response.h"
#include "service/store_health.h"
#include "shared/base/clock.h"
#include "shared/base/json_writer.h"
#include "shared/config/current.h"
#include "shared/metrics/observer.h"
#include "shared/storage/store.h"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <functional>
#include <memory>

namespace logctl::handlers {

class OpsHandlers {
 public:
  using Answer = boost::asio::awaitable<http::Response>;
  using QueueStateSource = std::function<QueueState()>;
  using RunBlocking = std::function<boost::asio::awaitable<void>(std::function<void()>)>;

  // Everything lent must outlive the handlers.
  // `queue` is empty without a spool.
  OpsHandlers(storage::LogStore& store, const StoreHealth& health,
              const metrics::Observer& observer, AccountingView& books, QueueStateSource queue,
              std::shared_ptr<const config::Config> config, const Clock& clock,
              RunBlocking run_blocking);

  Answer health(http::Request& request);
  Answer ready(http::Request& request);
  Answer live(http::Request& request);
  Answer messages_health(http::Request& request);
  Answer version(http::Request& request);
  Answer limits(http::Request& request);
  Answer metrics(http::Request& request);
  Answer status(http::Request& request);

  // Holds for requests from now on.
  void configure(std::shared_ptr<const config::Config> config) { config_.set(std::move(config)); }
  // From now on the readiness probes say no.
  void set_draining() { draining_ = true; }

 private:
  // The words of the health answers; `spool` is empty without one.
  struct Wellness {
    std::string_view status;
    std::string_view database;
    std::string_view spool;
    std::string_view problem;
  };
  Wellness wellness() const;
  void write_accounting(JsonWriter& json, const auth::Principal& caller) const;
  double uptime_seconds() const;
  std::string uptime_text() const;

  storage::LogStore& store_;
  const StoreHealth& health_;
  const metrics::Observer& observer_;
  AccountingView& books_;
  const QueueStateSource queue_;
  config::Current config_;
  const Clock& clock_;
  const RunBlocking run_blocking_;
  const Timestamp started_at_;
  std::atomic<bool> draining_{false};
};

}  // namespace logctl::handlers
