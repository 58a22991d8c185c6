// Says how far a load is: a line that renews itself on a terminal, elsewhere a line every 30 s.
//
// One thread; one object per run.
#pragma once

#include "cli/output.h"
#include "shared/ingest/import.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace logctl::cli {

// "app.jsonl: 45%, 1.2 GiB of 2.7 GiB, 310000 records/s, 12s left, 17 rejected". Share and time
// left only when the size of the files is known (not 0). `skipped` bytes took no time.
std::string describe_progress(const std::string& name, const ingest::ImportTotals& totals,
                              std::uint64_t size, std::uint64_t skipped,
                              std::chrono::duration<double> elapsed);

class IngestProgress {
 public:
  // `size` of all files, 0 when it is not known; `skipped` of that is loaded already.
  IngestProgress(Output& out, std::string name, std::uint64_t size, std::uint64_t skipped);
  void update(const ingest::ImportTotals& totals);
  // Clears the line.
  void end();

 private:
  using SteadyClock = std::chrono::steady_clock;

  Output& out_;
  const std::string name_;
  const std::uint64_t size_;
  const std::uint64_t skipped_;
  const SteadyClock::time_point start_;
  SteadyClock::time_point next_;
};

}  // namespace logctl::cli
