// How busy the writing side of a store is, for readers who can get out of its way.
//
// Thread-safe. Knows only this process.
#pragma once

#include "shared/base/mutex.h"

#include <chrono>
#include <cstddef>

namespace logctl::storage {

class WriteLoad {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Of a store whose writers leave nothing to others when they write for more than this part of the
  // time.
  explicit WriteLoad(double most = 0.5) : most_(most) {}

  // Around each transaction that stores records.
  class Writing {
   public:
    explicit Writing(WriteLoad& load) : load_(load) {
      load_.begin(std::chrono::steady_clock::now());
    }
    ~Writing() { load_.end(std::chrono::steady_clock::now()); }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

   private:
    WriteLoad& load_;
  };

  // Whether, of late, somebody was writing for more than that part of the time, or one write takes
  // long: readers that take long then take from the writers.
  bool saturated() const { return saturated(std::chrono::steady_clock::now()); }

  void begin(Time now);
  void end(Time now);
  bool saturated(Time now) const;

 private:
  // Over stretches of this length.
  static constexpr std::chrono::milliseconds kStretch{250};

  void look(Time now) REQUIRES_LOCK(mutex_);

  const double most_;
  mutable Mutex mutex_;
  std::size_t writing_ GUARDED_BY(mutex_) = 0;
  Time since_ GUARDED_BY(mutex_){};           // of what is not in busy_ yet, while somebody writes
  Time stretch_ GUARDED_BY(mutex_){};         // its begin
  Time::duration busy_ GUARDED_BY(mutex_){};  // of it
  bool was_busy_ GUARDED_BY(mutex_) = false;  // the stretch before
};

}  // namespace logctl::storage
