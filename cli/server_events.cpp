#include "cli/server_events.h"

namespace logctl::cli {

void ServerEventReader::feed(std::string_view bytes, const Take& take) {
  while (true) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      rest_ += bytes;
      return;
    }
    rest_ += bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    std::string_view text = rest_;
    if (text.ends_with('\r')) text.remove_suffix(1);
    line(text, take);
    rest_.clear();
  }
}

void ServerEventReader::line(std::string_view text, const Take& take) {
  if (text.empty()) {
    if (has_data_) take(event_);
    event_ = {};
    has_data_ = false;
    return;
  }
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  std::string_view value =
      colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "event") event_.type = value;
  if (name == "id") event_.id = value;
  if (name == "data") {
    if (has_data_) event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  }
}

}  // namespace logctl::cli
