// Frames of the spool that go into the store in one transaction, and the memory they need.
//
// Not thread-safe. Views stay valid until clear().
#pragma once

#include "shared/ingest/spooled_batch.h"
#include "shared/ingest/tally.h"
#include "shared/record/record.h"
#include "shared/spool/spool.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace logctl::ingest {

class DrainGroup {
 public:
  struct Entry {
    SpooledBatch batch;
    std::size_t first = 0;  // of `records`
    std::string problem;    // not empty: the payload is no batch, and nothing of it is in `records`
    bool damaged = false;   // then: it could not be read from the disk
    std::string_view payload;
    spool::FrameCounts counts;
    Timestamp written_at{};
  };

  void clear();
  bool empty() const { return entries_.empty(); }
  // Copies the payload. False, and nothing is added, when that would take a group that has
  // something past `most_days`. Throws Error{drift} for a frame that another version of logctl
  // wrote.
  bool add(const spool::Frame& frame, std::size_t most_days);

  const std::vector<Entry>& entries() const { return entries_; }
  const std::vector<LogRecord>& records() const { return records_; }
  std::vector<const LogRecord*> pointers() const;
  // What the store's books need besides the records: rejections and known duplicates.
  Sums counts() const;

  std::size_t bytes() const { return bytes_; }
  std::size_t days() const { return days_.size(); }
  spool::Position end() const { return end_; }

 private:
  std::vector<std::unique_ptr<char[]>> memory_;
  std::vector<Entry> entries_;
  std::vector<LogRecord> records_;
  std::set<std::chrono::sys_days> days_;
  std::size_t bytes_ = 0;
  spool::Position end_ = 0;
};

}  // namespace logctl::ingest
