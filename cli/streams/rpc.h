// POST /rpc of a daemon, and the other requests of its streams.
//
// One thread. Throws Error: what the daemon refused in its words (not_found, conflict,
// unauthorized, forbidden, invalid_request), unavailable when it is away or too busy, and what
// Client throws.
#pragma once

#include "cli/client.h"
#include "shared/base/error.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace logctl::cli {

// A write was refused for its expected version. A conflict like others for who does not care.
class VersionConflict : public Error {
 public:
  VersionConflict(std::string message, std::int64_t actual)
      : Error(ErrorCode::conflict, std::move(message)), actual_(actual) {}
  std::int64_t actual() const { return actual_; }  // -1: the stream has no message

 private:
  std::int64_t actual_;
};

class Rpc {
 public:
  // `credential` goes along as a bearer token unless it is empty; `hint` says where it comes from.
  Rpc(std::string url, std::string credential, std::string hint);

  // The result as JSON. `arguments`: JSON values with commas between them, or nothing.
  std::string call(std::string_view method, std::string_view arguments);
  // The elements of a result that is an array, one after the other as they come, until `take` says
  // no. False when it did.
  bool elements(std::string_view method, std::string_view arguments,
                const std::function<bool(std::string_view)>& take);

  // Sends a body to another path; the body of the answer in pieces.
  void post(std::string_view target, std::string body, const Client::Take& take);
  // Until the daemon ends it.
  void listen(std::string_view target, const Client::Take& take);

  const std::string& url() const { return url_; }

 private:
  Headers headers() const;
  static std::string request(std::string_view method, std::string_view arguments);
  [[noreturn]] void refuse(const Answer& answer) const;

  const std::string url_;
  const std::string credential_;
  const std::string hint_;
  Client client_;
};

// Takes a JSON array apart that comes in pieces cut anywhere. It checks no more of the elements
// than where they end. One thread.
class ArrayElements {
 public:
  using Take = std::function<bool(std::string_view)>;
  // Calls `take` for every element that is complete; false when it said no, or when the text is no
  // array.
  bool feed(std::string_view bytes, const Take& take);
  bool ended() const { return ended_; }
  bool broken() const { return broken_; }

 private:
  bool end_element(const Take& take);

  std::string element_;
  int depth_ = 0;
  bool in_text_ = false;
  bool escaped_ = false;
  bool ended_ = false;
  bool broken_ = false;
};

}  // namespace logctl::cli
