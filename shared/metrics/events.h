// What can happen that is worth telling, as data. Emitted once; the observer decides what a log
// line and what a metric is.
#pragma once

#include "shared/base/clock.h"
#include "shared/record/record.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace logctl::metrics {

struct RequestServed {
  std::string_view method;
  std::string_view endpoint;  // the route's label, never a raw path
  std::string_view target;    // path and query with secrets masked; for the log line only
  std::string_view remote;
  std::string_view request_id;
  std::string_view key_id;  // empty: none
  int status = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  microseconds took{};
};

// One request's or file chunk's records, after they were parsed.
struct RecordsReceived {
  std::string_view endpoint;  // or "file"
  std::string_view tenant;
  std::uint32_t received = 0;
  const std::vector<Rejection>& rejections;
};

// One batch after its commit.
struct BatchStored {
  std::string_view tenant;
  std::uint32_t stored = 0;
  std::uint32_t duplicates = 0;
  std::uint32_t failed = 0;
  std::span<const Rejection> refused = {};  // by the store
  std::span<const LogRecord> records = {};  // for the labels event_type and priority
  std::span<const Outcome> outcomes = {};   // one per record
};

// One batch that is durable in the spool.
struct BatchSpooled {
  std::string_view tenant;
  std::uint32_t records = 0;
  std::uint32_t duplicates = 0;  // known when they came
};

struct CommitDone {
  std::uint32_t batches = 0;
  std::uint32_t records = 0;
  microseconds took{};
};

struct StoreFailed {
  std::string_view operation;  // insert_single, insert_batch, query, keys, maintain ...
  std::string_view message;
};

// Refused records, as far as they are kept for a replay.
struct DeadLettersChanged {
  std::uint64_t kept = 0;      // on disk now
  std::uint64_t not_kept = 0;  // lost: the disk failed or was too slow
  std::uint64_t removed = 0;   // the oldest, to stay within rejects.max_bytes
};

struct RateLimited {
  std::string_view key_id;
  std::string_view bucket;  // requests, records, bytes
};

// For the log only: a thing that happened to the daemon as a whole.
struct Notice {
  enum class Severity { debug, info, warn, error };
  Severity severity = Severity::info;
  std::string_view what;  // stable words: "listening", "stopping"
  std::string detail;
};

}  // namespace logctl::metrics
