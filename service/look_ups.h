// Asks the store whether it has certain records already, many requests in one question.
//
// One thread: what comes while the store answers is asked together next. The store being away or
// slow is no reason to wait: then nobody knows, and the store has the last word when it stores.
// Thread-safe.
#pragma once

#include "shared/base/queue.h"
#include "shared/storage/store.h"

#include <functional>
#include <thread>

namespace logctl {

class LookUps {
 public:
  using Done = std::function<void(bool known)>;

  explicit LookUps(storage::LogStore& store);
  ~LookUps();  // stops
  LookUps(const LookUps&) = delete;

  // Calls `done` exactly once, on the thread of this object or at once.
  void ask(storage::Identity identity, Done done);
  void stop();  // answers what waits; idempotent

 private:
  struct Question {
    storage::Identity identity;
    Done done;
  };
  void run();

  storage::LogStore& store_;
  BoundedQueue<Question> questions_;
  std::thread thread_;
};

}  // namespace logctl
