// The body of one live tail: first what the client has missed, then what comes.
#pragma once

#include "service/heavy_work.h"
#include "service/http/body_source.h"
#include "service/tail/hub.h"
#include "shared/base/clock.h"
#include "shared/query/query.h"
#include "shared/storage/store.h"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

namespace logctl::handlers {

class TailSource final : public http::BodySource {
 public:
  struct Settings {
    query::Query question;                // bound to the view of who asks
    std::optional<tail::Position> after;  // what comes behind it
    std::uint32_t lines = 0;              // else so many older records first
    microseconds heartbeat = seconds(15);
    std::function<bool()> allowed;  // asked now and then; the stream ends when it says no
  };
  // All that is lent must outlive it.
  TailSource(tail::Hub& hub, storage::LogStore& store, HeavyWork& work, const Clock& clock,
             Settings settings);
  ~TailSource() override;

  boost::asio::awaitable<void> open() override;
  boost::asio::awaitable<std::optional<std::string>> next() override;
  bool complete() const override { return complete_; }
  void wind_down() noexcept override;
  void abandon() noexcept override;

 private:
  struct Waker;

  boost::asio::awaitable<void> subscribe(std::optional<tail::Position> after);
  boost::asio::awaitable<std::shared_ptr<storage::Page>> search(query::Query question);
  boost::asio::awaitable<std::string> older_lines();
  boost::asio::awaitable<std::string> missed();
  boost::asio::awaitable<bool> wait(microseconds time);
  std::string piece_of(const tail::Subscriber::Taken& taken);
  void leave();
  std::string last_words(std::string_view event, std::string_view reason);
  bool was_sent(const std::string& position) const;
  void note_sent(const std::string& position);

  tail::Hub& hub_;
  storage::LogStore& store_;
  HeavyWork& work_;
  const Clock& clock_;
  const Settings settings_;
  const std::shared_ptr<Cancellation> cancellation_ = std::make_shared<Cancellation>();
  std::shared_ptr<Waker> waker_;
  std::shared_ptr<tail::Subscriber> subscriber_;

  bool greeted_ = false;
  bool older_due_ = false;
  bool catching_up_ = false;
  query::Query missing_;  // while catching up
  Timestamp pass_began_{};
  bool first_pass_ = true;
  std::unordered_set<std::uint64_t> sent_;  // out of the store: may come from the hub once more
  std::optional<std::chrono::steady_clock::time_point> caught_up_at_;
  std::chrono::steady_clock::time_point sent_at_{};
  std::chrono::steady_clock::time_point checked_at_{};

  bool winding_down_ = false;
  bool ended_ = false;
  bool complete_ = true;
};

}  // namespace logctl::handlers
