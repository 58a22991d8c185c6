// The progress of one import: the body of the answer is made while the body of the request is read.
//
// Memory: one piece of the body, one line and one chunk of messages, whatever the length.
#pragma once

#include "service/http/body_reader.h"
#include "service/http/body_source.h"
#include "service/messages/hub.h"
#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/messages/message_reader.h"
#include "shared/metrics/observer.h"
#include "shared/storage/message_store.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::handlers {

class MessageImportSource final : public http::BodySource {
 public:
  using RunBlocking = std::function<boost::asio::awaitable<void>(std::function<void()>)>;
  struct Settings {
    std::string name_space;
    bool force = false;           // clear it first
    bool skip_same = false;       // what is there with the same content is left out
    bool make_namespace = false;  // when it is not there
    std::uint64_t max_message_bytes = 0;
    std::uint64_t max_line_bytes = 0;
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
  using Chunk = std::vector<storage::Message>;

  boost::asio::awaitable<bool> read_line(std::string& line);
  boost::asio::awaitable<std::optional<std::string>> gather(Chunk& chunk);
  boost::asio::awaitable<std::optional<std::string>> store(std::shared_ptr<Chunk> chunk);
  void parse(std::string_view line, storage::Message& message);
  std::string failed(std::string_view code, std::string_view message);
  std::string done();

  http::BodyReader* const body_;
  storage::MessageStore& store_;
  messages::PokeHub& hub_;
  metrics::Observer& observer_;
  const Clock& clock_;
  const RunBlocking& run_blocking_;
  const Settings settings_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  messages::MessageReader reader_;

  std::string piece_;  // of the body
  std::size_t at_ = 0;
  bool body_ended_ = false;
  std::uint64_t line_ = 0;        // from 1
  std::uint64_t first_line_ = 0;  // of the chunk
  std::uint64_t imported_ = 0;
  bool winding_down_ = false;
  bool ended_ = false;
};

}  // namespace logctl::handlers
