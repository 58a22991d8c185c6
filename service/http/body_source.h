// The body of an answer that is made while it is sent: long lists, live tails.
//
// Owned by the Response, and by the session while it sends. All members are called on the
// connection's executor, one at a time; while open() or next() wait, wind_down() and abandon() may
// be called. A source is asked for a piece only after the piece before was sent, so it bounds the
// memory of its answer.
#pragma once

#include "shared/base/clock.h"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace logctl::http {

class BodySource {
 public:
  virtual ~BodySource() = default;

  // Before the head is sent: what it throws is answered like any error of a handler.
  virtual boost::asio::awaitable<void> open() { co_return; }
  // The next piece, at most some 64 KiB: each must be sent within server.write_timeout, or within
  // patience() where that is longer. An empty piece is no news, nothing is the end. When it throws,
  // the answer is broken off.
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
  // How long a client may take nothing. More than the usual only where that costs no more than its
  // connection.
  virtual microseconds patience() const { return microseconds(0); }
  // After the end: false breaks the answer off as well, so that nobody takes it for a whole one.
  virtual bool complete() const { return true; }

  // The server stops: the body should say so and end soon.
  virtual void wind_down() noexcept = 0;
  // Nobody reads any more: what is being waited for ends as soon as it can, however.
  virtual void abandon() noexcept = 0;
};

}  // namespace logctl::http
