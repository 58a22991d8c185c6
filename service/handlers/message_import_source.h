// The progress of one import: the body of the answer is made while the body of the request is read.
//
// Memory: the text of one transaction and what its work needs, whatever the length.
#pragma once

#include "service/handlers/message_import_work.h"
#include "service/http/body_reader.h"
#include "service/http/body_source.h"
#include "service/messages/hub.h"
#include "shared/base/clock.h"
#include "shared/metrics/observer.h"
#include "shared/storage/message_store.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace logctl::handlers {

class MessageImportSource final : public http::BodySource {
 public:
  using RunBlocking = std::function<boost::asio::awaitable<void>(std::function<void()>)>;
  struct Settings : MessageImportWork::Settings {
    bool force = false;           // clear the namespace first
    bool make_namespace = false;  // when it is not there
  };
  // `body` may be null: there is none. All that is lent outlives it.
  MessageImportSource(http::BodyReader* body, storage::MessageStore& store, messages::PokeHub& hub,
                      metrics::Observer& observer, const Clock& clock,
                      const RunBlocking& run_blocking, Settings settings);

  boost::asio::awaitable<void> open() override;
  boost::asio::awaitable<std::optional<std::string>> next() override;
  void wind_down() noexcept override { winding_down_ = true; }
  void abandon() noexcept override { winding_down_ = true; }

 private:
  using Failure = MessageImportWork::Failure;

  boost::asio::awaitable<void> read();
  boost::asio::awaitable<std::optional<Failure>> gather();
  bool enough() const;
  boost::asio::awaitable<std::optional<Failure>> on_worker(
      std::function<std::optional<Failure>(MessageImportWork&)> use);
  std::string progress() const;
  std::string failed(const Failure& failure);
  std::string done();

  http::BodyReader* body_;  // until its end
  storage::MessageStore& store_;
  messages::PokeHub& hub_;
  const Clock& clock_;
  const RunBlocking& run_blocking_;
  const Settings settings_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  // Shared with the worker, which may outlive the request.
  const std::shared_ptr<MessageImportWork> work_;
  std::string text_;         // that the worker has not seen
  std::uint64_t lines_ = 0;  // that came
  bool winding_down_ = false;
  bool ended_ = false;
};

}  // namespace logctl::handlers
