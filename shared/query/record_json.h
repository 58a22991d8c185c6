// One record as JSON: the shape that HTTP answers and the command line share.
#pragma once

#include "shared/base/json_writer.h"
#include "shared/record/record.h"

#include <string>

namespace logctl::query {

// Writes the record as one object: Change66's members, which are always there (absent text and
// numbers as null, absent objects as {}), then ours, which are left out when absent. `properties`
// and `device_info` are copied as they are stored.
void write_record(JsonWriter& writer, const LogRecord& record);
// The same as text of its own, appended to `out`.
void append_record(std::string& out, const LogRecord& record);

}  // namespace logctl::query
