// A record as a daemon sends it: the JSON of query/record_json.h, read back.
#pragma once

#include "shared/record/record.h"

#include <functional>
#include <string_view>

namespace logctl::cli {

// The record in `line`, with its text in the arena. Throws Error{unavailable} when it is none:
// something else answers at that address.
LogRecord read_wire_record(std::string_view line, Arena& arena);

// Calls `take` with the JSON of each record in the list `name` of an object. Throws the same.
void each_wire_record(std::string_view object, std::string_view name,
                      const std::function<void(std::string_view)>& take);

}  // namespace logctl::cli
