// The body of one subscription: first what is stored already, then what comes.
//
// A cursor over the namespace's global positions: everything up to it was told. Behind it, pokes
// come out of the hub; where the hub keeps them no more, out of the store.
#pragma once

#include "service/http/body_source.h"
#include "service/messages/hub.h"
#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/metrics/observer.h"
#include "shared/storage/message_store.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace logctl::handlers {

class SubscriptionSource final : public http::BodySource {
 public:
  using RunBlocking = std::function<boost::asio::awaitable<void>(std::function<void()>)>;
  struct Settings {
    std::string name_space;
    std::string token_hash;  // empty: it does not end with the token
    messages::PokeFilter filter;
    std::optional<std::int64_t> after;  // a global position; nothing: only what comes
    microseconds heartbeat = seconds(15);
  };
  // All that is lent outlives it.
  SubscriptionSource(messages::PokeHub& hub, storage::MessageStore& store,
                     metrics::Observer& observer, const RunBlocking& run_blocking,
                     Settings settings);
  ~SubscriptionSource() override;

  boost::asio::awaitable<void> open() override;
  boost::asio::awaitable<std::optional<std::string>> next() override;
  // Who stops to read holds one piece and falls out of the history: he is told so when he goes on.
  microseconds patience() const override { return std::chrono::minutes(10); }
  void wind_down() noexcept override;
  void abandon() noexcept override;

 private:
  struct Waker;
  struct Page;

  boost::asio::awaitable<std::string> stored();
  boost::asio::awaitable<void> wait(microseconds time);
  std::optional<std::string> live();
  void append(std::string& out, const storage::Poke& poke);
  static Page read(storage::MessageStore& store, const Settings& settings, std::int64_t cursor,
                   std::int64_t stream_position);

  messages::PokeHub& hub_;
  storage::MessageStore& store_;
  metrics::Observer& observer_;
  const RunBlocking& run_blocking_;
  const std::shared_ptr<const Settings> settings_;  // workers may outlive the source
  std::shared_ptr<Waker> waker_;
  std::unique_ptr<messages::PokeHub::Subscription> subscription_;

  std::int64_t cursor_ = 0;
  std::int64_t stream_position_ = 0;  // of a stream: the next one to read from the store
  bool from_store_ = false;
  bool more_ = false;  // at once
  bool greeted_ = false;
  bool winding_down_ = false;
  bool ended_ = false;
  std::uint64_t pokes_ = 0;  // of the piece in hand
};

}  // namespace logctl::handlers
