// Takes a stream of server-sent events apart.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace logctl::cli {

struct ServerEvent {
  std::string type;  // empty: a message like any other
  std::string id;    // empty: none of its own
  std::string data;
};

class ServerEventReader {
 public:
  using Take = std::function<void(const ServerEvent&)>;
  // The next bytes, cut anywhere. Calls `take` for every event that is complete.
  void feed(std::string_view bytes, const Take& take);

 private:
  void line(std::string_view text, const Take& take);

  std::string rest_;
  ServerEvent event_;
  bool has_data_ = false;
};

}  // namespace logctl::cli
