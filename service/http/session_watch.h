// Notices that the client is gone while an answer is made for it, for its end wakes whoever waits
// to read. One that has only ended its own side of the connection looks the same: it gets what is
// made within a short time. For the session's own files only.
#pragma once

#include "service/http/session.h"

#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace logctl::http {

// Lives in the session's coroutine, which must await end() before this goes away.
class Session::PeerWatch {
 public:
  // `gone` is called once, on the connection's executor; then peer_gone_ is set.
  PeerWatch(Session& session, std::function<void()> gone);

  // Nothing else may read from the stream until end().
  void start();
  // Ends what runs on the stream.
  asio::awaitable<void> end();

 private:
  asio::awaitable<void> watch();

  Session& session_;
  const std::function<void()> gone_;
  asio::steady_timer ended_;
  asio::steady_timer grace_;  // for a client that ended its side
  bool wanted_ = false;
  bool running_ = false;
};

}  // namespace logctl::http
