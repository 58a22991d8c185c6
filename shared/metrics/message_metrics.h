// The metrics of streams of messages. Owned by the observer. Thread-safe.
#pragma once

#include "shared/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace prometheus {
class Registry;
}

namespace logctl::metrics {

class MessageMetrics {
 public:
  explicit MessageMetrics(prometheus::Registry& registry);  // outlives it
  ~MessageMetrics();
  MessageMetrics(const MessageMetrics&) = delete;

  // One call of POST /rpc; `method` is out of a fixed list, or "unknown".
  void called(std::string_view method, int status, microseconds took);
  // One transaction of the writer.
  void committed(std::size_t messages, microseconds took);
  void written(std::uint64_t messages);
  void imported(std::uint64_t messages);
  void refused();  // by an expected version or an id that is taken
  void set_subscriptions(std::size_t open);
  void set_queue(std::size_t messages, std::uint64_t bytes);
  void poked(std::uint64_t pokes);
  void lagged();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace logctl::metrics
