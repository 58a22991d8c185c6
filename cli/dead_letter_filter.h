// Which dead letters a command means: given by id, or by what they are like.
#pragma once

#include "shared/base/clock.h"
#include "shared/ingest/dead_letter.h"

#include <optional>
#include <string>
#include <vector>

namespace logctl::cli {

class Arguments;

// What was asked for on the command line; every part that is given must fit.
struct DeadLetterFilter {
  std::vector<std::string> ids;
  std::string reason, tenant, source;
  std::string since, before;  // a duration before now, or RFC 3339

  bool empty() const;
  // Throws Error{usage} for a time or reason that is none.
  void check(Timestamp now);
  // Only after check().
  bool fits(const ingest::DeadLetter& letter) const;

 private:
  std::optional<Timestamp> from_, until_;
};

// Adds --reason, --tenant, --source and --since.
void add_filter(Arguments app, DeadLetterFilter& filter);

}  // namespace logctl::cli
