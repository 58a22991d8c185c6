// A record whose text lives in another batch.
#pragma once

#include "shared/record/record.h"

namespace logctl::tail {

LogRecord copy_record(const LogRecord& record, Arena& arena);

}  // namespace logctl::tail
