// Notices that the client is gone while an answer is made for it, for its end wakes whoever waits
// to read. For the session's own files only.
#pragma once

#include "service/http/session.h"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>

namespace logctl::http {

// Lives in the session's coroutine, which must await end() before this goes away.
class Session::PeerWatch {
 public:
  // `gone` is called once, on the connection's executor; then peer_gone_ is set. A client that has
  // ended its side of the connection looks like one that is gone: it counts as that after `grace`.
  PeerWatch(Session& session, std::chrono::milliseconds grace, std::function<void()> gone);

  // Nothing else may read from the stream until end().
  void start();
  // Ends what runs on the stream.
  asio::awaitable<void> end();

 private:
  asio::awaitable<void> watch();

  Session& session_;
  const std::chrono::milliseconds grace_;
  const std::function<void()> gone_;
  asio::steady_timer ended_;
  asio::steady_timer grace_end_;
  bool wanted_ = false;
  bool running_ = false;
};

}  // namespace logctl::http
