// Where in the live tail somebody was: the record that came last.
#pragma once

#include "shared/base/clock.h"
#include "shared/record/record.h"

#include <optional>
#include <string>
#include <string_view>

namespace logctl::tail {

struct Position {
  Timestamp received_at{};
  Timestamp timestamp{};
  std::string event_id;
};

std::string format_position(const LogRecord& record);
// Nothing when the text is none of ours.
std::optional<Position> parse_position(std::string_view text);

}  // namespace logctl::tail
