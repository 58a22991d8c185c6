// A JSON object of plain values, as the names and texts that parameters have.
#pragma once

#include "shared/query/parameters.h"

#include <string>

namespace logctl::ingest {

// {"service":"api","limit":10} -> service=api, limit=10, in order; null is left out. Throws
// Error{invalid_json} when `text` is no such object, naming what was found. `text` is given
// padding.
query::Parameters read_flat_object(std::string& text);

}  // namespace logctl::ingest
