// How a call that reads asks the store for its client. Thread-safe.
#pragma once

#include "service/http/request.h"
#include "shared/metrics/observer.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string_view>

namespace logctl::handlers {

// Runs work on another thread, under a Cancellation that the client's hang-up triggers; throws what
// the work throws.
using RunForClient =
    std::function<boost::asio::awaitable<void>(http::Request&, std::function<void()>)>;

// Runs `work`, which asks the store and must own what it touches: its thread may outlive the
// request. The observer hears of the store's failures, the client in words for clients.
// `operation` names them and is of static storage.
boost::asio::awaitable<void> ask_store(const RunForClient& run, metrics::Observer& observer,
                                       http::Request& request, std::string_view operation,
                                       std::function<void()> work);

}  // namespace logctl::handlers
