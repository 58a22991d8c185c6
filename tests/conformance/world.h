// The small language of the conformance list: a clock, a migrated store, records in one line.
#pragma once

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/migrations/runner.h"
#include "tests/conformance/empty_store.h"
#include "tests/support/catch.h"

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::test {

inline Timestamp at(std::string_view text) {
  const auto time = parse_rfc3339(text);
  if (!time) throw std::runtime_error("not a time: " + std::string(text));
  return *time;
}

inline ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  throw std::runtime_error("expected an error");
}

// Records that own their text.
class Rows {
 public:
  LogRecord& add(Timestamp timestamp, std::string_view event_id,
                 std::string_view tenant = "default") {
    LogRecord& record = records_.emplace_back();
    record.timestamp = timestamp;
    record.received_at = timestamp + milliseconds(1);
    record.event_id = arena_.copy(event_id);
    record.tenant = arena_.copy(tenant);
    record.message = "m";
    return record;
  }
  std::vector<const LogRecord*> pointers() const {
    std::vector<const LogRecord*> result;
    for (const LogRecord& record : records_) result.push_back(&record);
    return result;
  }
  std::string_view keep(std::string_view text) { return arena_.copy(text); }
  std::size_t size() const { return records_.size(); }
  const LogRecord& operator[](std::size_t i) const { return records_[i]; }

 private:
  Arena arena_;
  std::deque<LogRecord> records_;
};

struct World {
  ManualClock clock{at("2026-03-10T12:00:00Z")};
  config::Config config;
  EmptyStore store;
  storage::Backend backend;

  explicit World(config::Config settings = {}) : config(std::move(settings)) {
    backend = store.open(config, clock);
    migrations::up(*backend.schema, std::nullopt, seconds(30), clock);
  }

  storage::LogStore& logs() { return *backend.logs; }
  storage::KeyStore& keys() { return *backend.keys; }
  storage::Backend another() { return store.open(config, clock); }
  void reopen() {
    backend = {};
    backend = store.open(config, clock);
  }
  std::vector<Outcome> append(const Rows& rows) { return append_to(logs(), rows); }
  static std::vector<Outcome> append_to(storage::LogStore& logs, const Rows& rows) {
    const storage::AppendResult result = logs.append(rows.pointers(), {"test"});
    INFO("failure: " << result.failure);
    for (const auto& [position, words] : result.refusals) INFO(position << ": " << words);
    CHECK(result.failure.empty());
    return result.outcomes;
  }
  // One record without a time of its own, received now.
  Outcome append_by_id(storage::LogStore& logs, std::string_view event_id,
                       std::string_view tenant = "default") {
    Rows rows;
    LogRecord& record = rows.add(clock.now(), event_id, tenant);
    record.received_at = clock.now();
    record.dedup_by_id = true;
    return append_to(logs, rows).front();
  }
};

inline std::vector<std::string> ids(const Batch& batch) {
  std::vector<std::string> result;
  for (const LogRecord& record : batch.records) result.emplace_back(record.event_id);
  return result;
}

using Ids = std::vector<std::string>;
using Outcomes = std::vector<Outcome>;

}  // namespace logctl::test
