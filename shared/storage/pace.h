// The pace of a question that reads part by part: while the writers are busy it rests between the
// parts, so that they get the processors and the disk.
//
// One thread. Nothing may be held between two parts that a writer waits for.
#pragma once

#include "shared/storage/write_load.h"

#include <chrono>

namespace logctl::storage {

class Pace {
 public:
  using Time = WriteLoad::Time;

  explicit Pace(const WriteLoad& load, Time now = std::chrono::steady_clock::now())
      : load_(load), working_since_(now) {}

  // Between two parts: rests while that is worth it. Says for how long; throws what
  // Cancellation::check does when nobody waits any more.
  Time::duration rest();
  // How long a rest that begins now should be.
  Time::duration due(Time now);
  bool saturated() const { return load_.saturated(); }

 private:
  const WriteLoad& load_;
  Time working_since_;  // without a rest, beside writers
};

}  // namespace logctl::storage
