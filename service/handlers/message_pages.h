// Messages as one JSON array, whatever their number: a short answer is made at once, a long one is
// read page by page while it is sent, with the memory of one page.
#pragma once

#include "service/http/response.h"
#include "shared/storage/message_store.h"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <variant>

namespace logctl::handlers {

// What is still to be read.
struct MessageReading {
  std::variant<storage::StreamRead, storage::CategoryRead> what;
  std::uint64_t left = 0;  // messages
};

// `store` and what `run_blocking` uses outlive the answer.
boost::asio::awaitable<http::Response> answer_messages(
    storage::MessageStore& store,
    const std::function<boost::asio::awaitable<void>(std::function<void()>)>& run_blocking,
    MessageReading reading);

}  // namespace logctl::handlers
