// Follows what other processes store: other daemons on the same database, `logctl ingest` into the
// same directory. It hears that something came, reads it from the store and gives it to the hub.
//
// One thread, which sleeps while nobody follows. What it missed (before somebody followed, while
// the store was away) it looks up by the time of receipt. All that is lent must outlive it.
#pragma once

#include "service/tail/hub.h"
#include "shared/base/cancellation.h"
#include "shared/base/clock.h"
#include "shared/metrics/observer.h"
#include "shared/storage/arrivals.h"

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

namespace logctl::tail {

class Others {
 public:
  using Listen = std::function<std::unique_ptr<storage::Arrivals>()>;

  Others(Listen listen, storage::LogStore& store, Hub& hub, const Clock& clock,
         metrics::Observer& observer);
  ~Others();  // stops
  Others(const Others&) = delete;

  void stop();  // idempotent

 private:
  void run();
  void follow(storage::Arrivals& arrivals);
  void pass_over(const std::string& tenant, microseconds reach_back);
  void bring(const storage::Arrival& arrival);
  void bring_range(const storage::Arrival& arrival);
  void bring_newest(const storage::Arrival& arrival);
  void pause(microseconds time) const;

  const Listen listen_;
  storage::LogStore& store_;
  Hub& hub_;
  const Clock& clock_;
  metrics::Observer& observer_;
  const std::shared_ptr<Cancellation> cancellation_ = std::make_shared<Cancellation>();
  Timestamp heard_until_{};
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace logctl::tail
