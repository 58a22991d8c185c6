// The body of a request that is read while it arrives: for routes that take more than memory holds.
//
// Lent to the handler by the session, for as long as the answer is made and sent. Who does not ask
// for the next piece keeps the sender waiting. On the connection's executor only.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace logctl::http {

class BodyReader {
 public:
  virtual ~BodyReader() = default;
  // The next piece, decompressed, some 64 KiB; nothing is the end. Throws Error when the body does
  // not arrive in time, is malformed, or its sender has gone.
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
};

}  // namespace logctl::http
