// One record in the Log Aggregator's shape. Pure.
#pragma once

#include "shared/base/json_writer.h"
#include "shared/record/record.h"

namespace logctl::handlers {

// Members of its records that we have no column for (tags, process_count ...) were stored inside
// the properties; they return to the top. What is left is `metadata`, an object as JSON text.
void write_aggregator_record(JsonWriter& writer, const LogRecord& record);

}  // namespace logctl::handlers
