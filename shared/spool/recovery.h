// Finds out what a spool's directory holds, by reading the heads of its segments and the frames of
// the last one. Changes nothing.
#pragma once

#include "shared/spool/directory.h"

#include <optional>
#include <string>
#include <vector>

namespace logctl::spool {

struct Segment {
  Position base = 0;
  Position previous_end = 0;
  Timestamp created{};
  std::uint64_t disk_bytes = 0;
};

struct Recovered {
  std::string id;  // empty: there is no spool here yet
  std::vector<Segment> segments;
  bool position_saved = false;  // there is a position file that says so
  Position released = 0;
  Source source;
  std::optional<Position> unproven;  // as saved
  Position end = 0;
  Position next_base = 0;  // behind everything that can ever have been read
  Totals written;
  std::uint64_t torn_bytes = 0;
};

// Tells `damage` about what is neither frame nor damaged frame; readers tell about the latter.
Recovered recover(const Directory& directory, const Damage& damage);

}  // namespace logctl::spool
