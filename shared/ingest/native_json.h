// A record written back as a client of the native dialect would send it: parsed again, it is the
// same record.
#pragma once

#include "shared/record/record.h"

#include <string>

namespace logctl::ingest {

// One JSON object without a line end. The tenant is not in it: that comes from the sender's key.
std::string native_json(const LogRecord& record);

}  // namespace logctl::ingest
