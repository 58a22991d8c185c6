// How much lies in the spool, by tenant, and how fast it moves on. Thread-safe.
#pragma once

#include "shared/base/mutex.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace logctl::ingest {

class Backlog {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  // So many records of a tenant were put into the spool, or taken out of it.
  void add(std::string_view tenant, std::uint64_t records);
  void take(std::string_view tenant, std::uint64_t records);
  // So many bytes of the spool have reached the store by `now`.
  void drained(std::uint64_t bytes, SteadyTime now);
  // The store takes nothing just now: what it took before says nothing about what is to come.
  void stalled();

  struct Depth {
    std::uint64_t records = 0;
    std::map<std::string, std::uint64_t, std::less<>> by_tenant;  // only those that have some
  };
  Depth depth() const;
  // Bytes per second over the last seconds; 0 when nothing has moved for a while.
  double rate(SteadyTime now) const;

 private:
  double decayed(SteadyTime now) const REQUIRES_LOCK(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, std::uint64_t, std::less<>> records_ GUARDED_BY(mutex_);
  double rate_ GUARDED_BY(mutex_) = 0;
  SteadyTime rated_at_ GUARDED_BY(mutex_){};
};

}  // namespace logctl::ingest
