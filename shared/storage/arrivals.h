// News of what was stored, by whichever process: enough to find the records, not the records
// themselves.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/store.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::storage {

// So many new rows of a tenant, somewhere inside these bounds. Other rows may lie there too.
struct Arrival {
  std::string source;  // as in Origin: who stored them
  std::string tenant;
  std::uint64_t rows = 0;
  std::optional<Timestamp> since;  // of the records' own times, inclusive
  std::optional<Timestamp> until;  // inclusive
  Timestamp received_since{};      // of received_at, inclusive
};

// One listener, from its making on. One thread.
class Arrivals {
 public:
  virtual ~Arrivals() = default;
  // What was stored since the last call; waits at most `wait` for something. Throws Error when the
  // store is away: what arrives until a new listener is made is then not told.
  virtual std::vector<Arrival> next(microseconds wait) = 0;
  // How long before the listener was made `received_since` may lie: rows from then on that were
  // there already look like news.
  virtual microseconds reach_back() const { return {}; }
};

// For stores that do not tell: looks into the books several times a second.
class PolledArrivals final : public Arrivals {
 public:
  // Both must outlive it.
  PolledArrivals(LogStore& store, const Clock& clock);
  std::vector<Arrival> next(microseconds wait) override;
  microseconds reach_back() const override;

 private:
  using Sums = std::map<std::pair<std::string, std::string>, std::uint64_t>;
  Sums read() const;

  LogStore& store_;
  const Clock& clock_;
  Sums known_;
  Timestamp looked_at_;
  std::chrono::steady_clock::time_point next_look_;
};

}  // namespace logctl::storage
