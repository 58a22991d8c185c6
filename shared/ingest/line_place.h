// Where a body of lines stands in its input: what the ids of records without an id are made from.
#pragma once

#include <cstdint>
#include <string_view>

namespace logctl::ingest {

struct LinePlace {
  std::string_view input;    // a name that no other input has
  std::uint64_t offset = 0;  // of the body, in bytes of text
};

}  // namespace logctl::ingest
