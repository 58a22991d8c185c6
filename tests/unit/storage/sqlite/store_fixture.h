// A migrated SQLite store in a fresh folder, and records in one line.
#pragma once

#include "shared/base/file.h"
#include "shared/base/time_text.h"
#include "shared/migrations/runner.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/open.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace logctl::test {

inline Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  throw std::runtime_error("expected an error");
}

struct SqliteStore {
  TempDir folder;
  ManualClock clock{parse_rfc3339("2026-03-10T12:00:00Z").value()};
  storage::sqlite::Directory directory{folder.path() / "store"};
  config::Config config;
  storage::Backend backend;

  explicit SqliteStore(config::Config settings = {}) : config(std::move(settings)) {
    backend = open();
    migrations::up(*backend.schema, std::nullopt, seconds(5), clock);
  }

  storage::Backend open(storage::Access access = storage::Access::read_write) {
    config::StoreTarget target;
    target.directory = directory.root();
    return storage::sqlite::open_sqlite(config, target, clock, access);
  }
  storage::LogStore& logs() { return *backend.logs; }

  // One record per day, counted back from today.
  storage::AppendResult append(std::string_view event_id, const std::vector<int>& days_ago) {
    std::deque<LogRecord> records;
    std::vector<const LogRecord*> pointers;
    for (const int days : days_ago) {
      LogRecord& record = records.emplace_back();
      record.timestamp = clock.now() - std::chrono::hours(24 * days);
      record.received_at = clock.now();
      record.event_id = event_id;
      record.message = "m";
      record.dedup_by_id = by_id;
      pointers.push_back(&record);
    }
    return logs().append(pointers, {"test"});
  }
  std::uint64_t rows() { return logs().search(everything()).batch.records.size(); }

  static query::Query everything() {
    query::Query query;
    query.limit = 100'000;
    return query;
  }
  std::filesystem::path day_file(int days_ago) const {
    return directory.day_file(day_of(clock.now()) - std::chrono::days(days_ago));
  }
  void remove_day(int days_ago) {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(day_file(days_ago).string() + suffix);
    }
  }

  bool by_id = false;  // append as records without a time of their own
};

}  // namespace logctl::test
