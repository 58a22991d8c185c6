#include "cli/records.h"

#include "shared/base/time_text.h"
#include "shared/query/record_json.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>
#include <vector>

namespace logctl::cli {
namespace {

const Timestamp kNewest = *parse_rfc3339("2026-01-15T12:00:00Z");

// Holds `size` records, one a second, and answers in keyset order, newest first.
class Ladder final : public storage::LogStore {
 public:
  explicit Ladder(std::size_t size) : size_(size) {}

  std::vector<query::Query> searched;
  LogRecord sample;

  LogRecord at(std::size_t i) const {
    LogRecord record = sample;
    record.timestamp = kNewest - seconds(static_cast<int>(i));
    record.received_at = record.timestamp;
    record.event_id = "e";
    return record;
  }

  storage::Page search(const query::Query& query) override {
    searched.push_back(query);
    std::size_t i = 0;
    if (query.after)
      i = static_cast<std::size_t>((kNewest - query.after->timestamp) / seconds(1)) + 1;
    storage::Page page;
    for (; i < size_ && page.batch.records.size() < query.limit; ++i) {
      page.batch.records.push_back(at(i));
    }
    if (i < size_) page.next = query::Cursor{page.batch.records.back().timestamp, "e"};
    return page;
  }
  std::uint64_t count(const query::Query&) override { return size_; }
  std::optional<storage::Page> find(const query::View&, const RecordKey&) override { return {}; }
  storage::Statistics statistics(const query::View&, Timestamp) override { return {}; }
  storage::AppendResult append(std::span<const LogRecord* const>, const storage::Origin&) override {
    return {};
  }
  void count(std::string_view, std::span<const storage::Count>) override {}
  storage::Balances balances() override { return {}; }
  storage::Audit audit(const AtCut&) override { return {}; }
  std::uint64_t position(std::string_view) override { return 0; }
  std::uint64_t total_rows() override { return size_; }
  void maintain(Timestamp) override {}
  void ping() override {}

 private:
  std::size_t size_;
};

struct Printed {
  std::string out;
  std::string notes;
};

Printed print(storage::LogStore& store, OutputFormat format, std::uint64_t limit,
              query::Query query = {}, std::size_t width = 0) {
  StringSink out;
  StringSink err;
  OutputSettings settings;
  settings.format = format;
  settings.width = width;
  Output output(out, err, settings);
  print_records(store, std::move(query), limit, output);
  return {out.text(), err.text()};
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_CASE("cli: all records stream as JSON lines, page after page", "[cli]") {
  Ladder store(1234);
  const Printed printed = print(store, OutputFormat::jsonl, 0);
  CHECK(lines(printed.out) == 1234);
  std::string first;
  query::append_record(first, store.at(0));
  CHECK(printed.out.starts_with(first + "\n"));
  std::string last;
  query::append_record(last, store.at(1233));
  CHECK(printed.out.ends_with("\n" + last + "\n"));
  CHECK(store.searched.size() == 3);
  CHECK(printed.notes.empty());
}

TEST_CASE("cli: a limit ends in the middle of a page", "[cli]") {
  Ladder store(1234);
  CHECK(lines(print(store, OutputFormat::jsonl, 501).out) == 501);
  REQUIRE(store.searched.size() == 2);
  CHECK(store.searched[0].limit == 500);
  CHECK(store.searched[1].limit == 1);
}

TEST_CASE("cli: JSON is one array, empty or not", "[cli]") {
  Ladder empty(0);
  CHECK(print(empty, OutputFormat::json, 50).out == "[]\n");
  Ladder store(2);
  std::string a;
  query::append_record(a, store.at(0));
  std::string b;
  query::append_record(b, store.at(1));
  CHECK(print(store, OutputFormat::json, 50).out == "[\n" + a + ",\n" + b + "\n]\n");
}

TEST_CASE("cli: a table shows time, level, source and a message that fits", "[cli]") {
  Ladder store(1);
  store.sample.level = Level::warn;
  store.sample.service = "api";
  store.sample.message = "a line\nand \x1b[31mmore of it, longer than the terminal is wide";
  CHECK(print(store, OutputFormat::table, 50, {}, 60).out ==
        "timestamp             level  source  message\n"
        "2026-01-15T12:00:00Z  WARN   api     a line\\nand \\x1b[31mmo…\n");
}

TEST_CASE("cli: an event without service and message shows its own words", "[cli]") {
  Ladder store(1);
  store.sample.event_type = "behavioral";
  store.sample.event_name = "habit_completed";
  store.sample.properties = R"({"streak":5})";
  CHECK(print(store, OutputFormat::plain, 50).out ==
        "2026-01-15T12:00:00Z\t\tbehavioral\thabit_completed {\"streak\":5}\n");
}

TEST_CASE("cli: an answer that is cut says so in every format", "[cli]") {
  Ladder store(3);
  for (const OutputFormat format : {OutputFormat::table, OutputFormat::plain, OutputFormat::json,
                                    OutputFormat::jsonl, OutputFormat::csv}) {
    CHECK(print(store, format, 2).notes == "2 shown, more match; --limit 0 brings all\n");
    CHECK(print(store, format, 3).notes.empty());
  }
}

TEST_CASE("cli: a long table repeats its header for each page", "[cli]") {
  Ladder store(501);
  CHECK(lines(print(store, OutputFormat::table, 0).out) == 503);
}

TEST_CASE("cli: CSV has every column", "[cli]") {
  Ladder store(1);
  store.sample.message = "say \"hi\", twice";
  store.sample.sequence_number = 7;
  store.sample.properties = R"({"a":1})";
  const std::string id = format_record_id(kNewest, "e");
  CHECK(print(store, OutputFormat::csv, 50).out ==
        "timestamp,level,service,event_type,event_name,message,user_id,session_id,app_version,host,"
        "trace_id,span_id,sequence_number,priority,properties,device_info,event_id,id,created_at,"
        "processed_at,tenant\r\n"
        "2026-01-15T12:00:00Z,,,,,\"say \"\"hi\"\", twice\",,,,,,,7,normal,\"{\"\"a\"\":1}\",,e," +
            id + ",2026-01-15T12:00:00Z,,default\r\n");
}

TEST_CASE("cli: another order is asked for in one piece", "[cli]") {
  Ladder store(1234);
  query::Query query;
  query.sort = query::Field::user_id;
  CHECK(lines(print(store, OutputFormat::jsonl, 1000, query).out) == 1000);
  REQUIRE(store.searched.size() == 1);
  CHECK(store.searched[0].limit == 1000);
}

}  // namespace
}  // namespace logctl::cli
