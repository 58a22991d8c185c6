// Asks the store whether it has certain records already, many requests in one question.
//
// One thread: what comes while the store answers is asked together next. The store being away or
// slow is no reason to wait: then nobody knows, and the store has the last word when it stores.
// Thread-safe.
#pragma once

#include "service/store_health.h"
#include "shared/base/queue.h"
#include "shared/storage/store.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <thread>

namespace logctl {

class LookUps {
 public:
  using Done = std::function<void(bool known)>;

  // Both must outlive it.
  LookUps(storage::LogStore& store, const StoreHealth& health);
  ~LookUps();  // stops
  LookUps(const LookUps&) = delete;

  // Calls `done` exactly once, on the thread of this object or at once.
  void ask(storage::Identity identity, Done done);
  // The same for a coroutine; false at once while the store is away. The record must stay.
  boost::asio::awaitable<bool> known(const LogRecord& record);
  void stop();  // answers what waits; idempotent

 private:
  struct Question {
    storage::Identity identity;
    Done done;
  };
  void run();

  storage::LogStore& store_;
  const StoreHealth& health_;
  BoundedQueue<Question> questions_;
  std::thread thread_;
};

}  // namespace logctl
