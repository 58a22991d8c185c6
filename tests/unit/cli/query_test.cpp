#include "cli/run.h"
#include "shared/base/time_text.h"
#include "shared/config/config.h"
#include "shared/migrations/runner.h"
#include "shared/storage/backend.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-01-15T12:00:00Z");

struct Answer {
  int status = 0;
  std::string out, err;
};

// The whole program on an embedded store with a few records.
class Fixture {
 public:
  Fixture() {
    config::Config config;
    config.storage.data_dir = folder_.path();
    storage::Backend backend = storage::open_backend(config, clock_);
    migrations::up(*backend.schema, std::nullopt, seconds(10), clock_);
    std::vector<LogRecord> records;
    const auto add = [&](std::string_view id, microseconds ago) -> LogRecord& {
      LogRecord& record = records.emplace_back();
      record.event_id = id;
      record.timestamp = kNow - ago;
      record.received_at = kNow;
      return record;
    };
    records.reserve(4);
    LogRecord& error = add("e-error", seconds(10));
    error.service = "api";
    error.level = Level::error;
    error.message = "it broke at 100%";
    error.user_id = "u-1";
    LogRecord& warning = add("e-warning", seconds(20));
    warning.service = "api";
    warning.level = Level::warning;
    warning.message = "it may break";
    LogRecord& event = add("e-event", std::chrono::hours(30));
    event.event_type = "behavioral";
    event.event_name = "habit";
    event.user_id = "u-2";
    event.properties = R"({"tags":{"provider":"nfc"}})";
    add("e-foreign", seconds(5)).tenant = "acme";
    std::vector<const LogRecord*> all;
    for (const LogRecord& record : records) all.push_back(&record);
    backend.logs->append(all, {"test"});
  }

  Answer run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"--set", "storage.data_dir=" + folder_.path().string(), "query"});
    StringSink out;
    StringSink err;
    const Surroundings surroundings{out, err, {}, clock_};
    const int status = cli::run(arguments, surroundings);
    return {status, out.text(), err.text()};
  }

  // The event ids of the answer, in order.
  std::string ids(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"-o", "jsonl"});
    const Answer answer = run(std::move(arguments));
    CHECK((answer.err.empty() || answer.err.find("more match") != std::string::npos));
    CHECK(answer.status == 0);
    const std::string_view mark = "\"event_id\":\"e-";
    std::string ids;
    for (std::size_t at = answer.out.find(mark); at != std::string::npos;
         at = answer.out.find(mark, at + 1)) {
      const std::size_t begin = at + mark.size();
      if (!ids.empty()) ids += ' ';
      ids += answer.out.substr(begin, answer.out.find('"', begin) - begin);
    }
    return ids;
  }

 private:
  test::TempDir folder_;
  ManualClock clock_{kNow};
};

TEST_CASE("query: what was cut is told beside the answer", "[cli]") {
  Fixture f;
  CHECK(f.run({"--limit", "2", "-o", "jsonl"}).err.find("2 shown, more match; --limit 0") !=
        std::string::npos);
  CHECK(f.run({"--limit", "2", "-o", "jsonl", "-q"}).err.empty());
  CHECK(f.run({"--limit", "0", "-o", "jsonl"}).err.empty());
}

TEST_CASE("query: each flag narrows the answer", "[cli]") {
  struct Case {
    std::vector<std::string> flags;
    std::string ids;
  };
  const Case cases[] = {
      {{}, "error warning event"},
      {{"--ascending"}, "event warning error"},
      {{"--limit", "2"}, "error warning"},
      {{"--limit", "0"}, "error warning event"},
      {{"--service", "api"}, "error warning"},
      {{"--service", "' OR 1=1 --"}, ""},
      {{"--level", "warn"}, "warning"},
      {{"--min-level", "warn"}, "error warning"},
      {{"--message", "BREAK"}, "warning"},
      {{"--message", "0%"}, "error"},
      {{"--message", "_"}, ""},
      {{"--user", "u-2"}, "event"},
      {{"--event-type", "behavioral"}, "event"},
      {{"--event-name", "habit", "--priority", "normal"}, "event"},
      {{"--event-id", "e-error"}, "error"},
      {{"--provider", "nfc"}, "event"},
      {{"--since", "15s"}, "error"},
      {{"--since", "1d"}, "error warning"},
      {{"--until", "1h"}, "event"},
      {{"--since", "2026-01-15T11:59:40Z", "--until", "2026-01-15T11:59:50Z"}, "warning"},
      {{"--sort", "user_id"}, "event error warning"},
      {{"--sort", "user_id", "--ascending"}, "error event warning"},
      {{"--tenant", "acme"}, "foreign"},
  };
  Fixture f;
  for (const Case& c : cases) {
    std::string shown;
    for (const std::string& flag : c.flags) shown += flag + " ";
    CAPTURE(shown);
    CHECK(f.ids(c.flags) == c.ids);
  }
}

TEST_CASE("query: a bad flag is a usage error that names the flag", "[cli]") {
  struct Case {
    std::vector<std::string> flags;
    std::string message;
  };
  const Case cases[] = {
      {{"--level", "loud"},
       "--level: expected TRACE, DEBUG, INFO, NOTICE, WARN, WARNING, ERROR, CRITICAL or FATAL, "
       "found `loud`"},
      {{"--since", "1x"},
       "--since: expected a duration before now such as 1h30m, or an RFC 3339 time, found `1x`"},
      {{"--until", "2h", "--since", "1h"},
       "--until: the end 2026-01-15T10:00:00Z lies before the start 2026-01-15T11:00:00Z"},
      {{"--user", ""}, "--user: expected a value, found nothing"},
      {{"--tenant", "\xff"}, "--tenant: expected a name in UTF-8"},
      {{"--sort", "user_id", "--limit", "0"},
       "--limit: expected 1 to 10000 together with --sort, found 0"},
  };
  Fixture f;
  for (const Case& c : cases) {
    CAPTURE(c.message);
    const Answer answer = f.run(c.flags);
    CHECK(answer.status == 2);
    CHECK(answer.out.empty());
    CHECK(answer.err.starts_with("logctl: " + c.message + "\n"));
  }
}

}  // namespace
}  // namespace logctl::cli
