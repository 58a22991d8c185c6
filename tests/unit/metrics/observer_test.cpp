#include "shared/metrics/observer.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/metrics/repeats.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <cstdio>
#include <fcntl.h>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>
#include <unistd.h>

using namespace logctl;
using namespace logctl::metrics;

namespace {

config::Config quiet() {
  config::Config config;
  config.log.access = false;
  config.log.level = "error";
  return config;
}

// Collects what is written to stderr while it lives.
class StderrCapture {
 public:
  StderrCapture() : saved_(::dup(STDERR_FILENO)) {
    const int file = ::open(path().c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    REQUIRE(::dup2(file, STDERR_FILENO) >= 0);
    ::close(file);
  }
  ~StderrCapture() { restore(); }
  StderrCapture(const StderrCapture&) = delete;

  std::vector<std::string> lines() {
    restore();
    std::vector<std::string> out;
    std::istringstream text(read_file(path()));
    for (std::string line; std::getline(text, line);) out.push_back(line);
    return out;
  }

 private:
  std::filesystem::path path() const { return dir_.path() / "stderr"; }
  void restore() {
    if (saved_ < 0) return;
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
    saved_ = -1;
  }
  test::TempDir dir_;
  int saved_;
};

RequestServed request(std::string_view endpoint, int status) {
  RequestServed event;
  event.method = "POST";
  event.endpoint = endpoint;
  event.target = "/api/v1/ingest?x=1";
  event.remote = "10.0.0.1";
  event.request_id = "r-1";
  event.key_id = "A1b2C3d4";
  event.status = status;
  event.bytes_in = 100;
  event.bytes_out = 20;
  event.took = microseconds(1500);
  return event;
}

Rejection rejection(std::string field, Reason reason) {
  return {0, std::move(field), reason, "a message"};
}

// Name and labels -> value, of a scrape.
std::map<std::string, double> samples(const Observer& observer) {
  std::map<std::string, double> out;
  std::istringstream text(observer.scrape());
  for (std::string line; std::getline(text, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t space = line.rfind(' ');
    out[line.substr(0, space)] = std::stod(line.substr(space + 1));
  }
  return out;
}

// One of each, so that every metric has a sample.
void emit_everything(Observer& observer) {
  observer.emit(request("/ingest", 201));
  const std::vector<Rejection> rejections = {rejection("level", Reason::unknown_value)};
  observer.emit(RecordsReceived{"/ingest", "default", 2, rejections});
  std::vector<LogRecord> records(1);
  records[0].event_type = "error";
  const std::vector<Outcome> outcomes = {Outcome::stored};
  observer.emit(BatchStored{"default", 1, 0, 0, {}, records, outcomes});
  observer.emit(CommitDone{1, 1, milliseconds(2)});
  observer.emit(StoreFailed{"query", "connection lost"});
  observer.emit(RateLimited{"A1b2C3d4", "requests"});
  observer.emit(BatchSpooled{"default", 1, 1});
  observer.set_spool({});
  observer.set_accounted("default", "received", 1);
  observer.set_maintenance("upkeep", Timestamp(seconds(1)));
  observer.set_connections(3);
  observer.set_queue(1, 1000);
  observer.set_pool(2, 5);
  observer.messages().called("stream.write", 200, milliseconds(1));
  observer.messages().committed(1, milliseconds(1));
}

}  // namespace

TEST_CASE("observer: a scrape and the table of metrics agree both ways", "[metrics]") {
  config::Config config = quiet();
  StderrCapture capture;
  Observer observer(config);
  emit_everything(observer);
  const std::string text = observer.scrape();

  std::map<std::string, std::string> types;
  std::map<std::string, std::set<std::string>> labels;
  std::istringstream lines(text);
  const std::regex label_name("([a-z_]+)=\"");
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      std::istringstream words(line.substr(7));
      std::string name, type;
      words >> name >> type;
      types[name] = type;
    } else if (!line.starts_with("#")) {
      std::string name = line.substr(0, line.find_first_of("{ "));
      for (const char* suffix : {"_bucket", "_sum", "_count"}) {
        const std::string base = name.substr(0, name.rfind(suffix));
        if (name.ends_with(suffix) && types[base] == "histogram") name = base;
      }
      const std::string inside = line.substr(0, line.find_last_of(' '));
      for (std::sregex_iterator i(inside.begin(), inside.end(), label_name), end; i != end; ++i) {
        if ((*i)[1] != "le") labels[name].insert((*i)[1]);
      }
    }
  }

  std::set<std::string> known;
  for (const MetricRow& row : metric_table()) {
    INFO(row.name);
    CHECK(known.insert(std::string(row.name)).second);
    CHECK(types[std::string(row.name)] == row.type);
    CHECK(text.find("# HELP " + std::string(row.name) + " " + std::string(row.help) + "\n") !=
          std::string::npos);
    std::set<std::string> expected;
    std::istringstream names{std::string(row.labels)};
    for (std::string name; std::getline(names, name, ',');) expected.insert(name);
    CHECK(labels[std::string(row.name)] == expected);
  }
  for (const auto& [name, type] : types) {
    INFO(name);
    CHECK((type.empty() || known.contains(name)));
  }
}

TEST_CASE("observer: values and buckets of the seeds' metrics", "[metrics]") {
  StderrCapture capture;
  Observer observer(quiet());
  emit_everything(observer);
  observer.emit(request("/ingest", 201));
  const std::vector<Rejection> none;
  observer.emit(RecordsReceived{"/batch-ingest", "default", 250, none});
  auto all = samples(observer);
  const auto value = [&](const std::string& key) {
    INFO(key);
    REQUIRE(all.contains(key));
    return all[key];
  };
  CHECK(value("http_requests_total{endpoint=\"/ingest\",method=\"POST\",status=\"201\"}") == 2);
  CHECK(value("http_request_duration_seconds_count{endpoint=\"/ingest\",method=\"POST\"}") == 2);
  CHECK(value("http_request_duration_seconds_sum{endpoint=\"/ingest\",method=\"POST\"}") ==
        Approx(0.003));
  CHECK(value("logs_ingested_total{event_type=\"error\",priority=\"normal\"}") == 1);
  CHECK(value("validation_errors_total{error_type=\"unknown_value\",field=\"level\"}") == 1);
  CHECK(value("database_errors_total{operation=\"query\"}") == 1);
  CHECK(value("rate_limit_exceeded_total") == 1);
  CHECK(value("db_pool_connections{state=\"in_use\"}") == 2);
  CHECK(value("db_pool_connections{state=\"idle\"}") == 5);
  CHECK(value("logctl_connections") == 3);
  CHECK(value("logctl_queue_batches") == 1);
  CHECK(value("logctl_queue_bytes") == 1000);
  CHECK(value("logctl_http_bytes_total{direction=\"in\"}") == 200);
  CHECK(value("logctl_http_bytes_total{direction=\"out\"}") == 40);
  CHECK(value("logctl_commit_records_count") == 1);
  CHECK(value("logctl_build_info{version=\"" LOGCTL_VERSION "\"}") == 1);
  CHECK(value("logctl_records_rejected_total{reason=\"too_long\"}") == 0);
  for (const char* bound : {"1", "5", "10", "25", "50", "100", "250", "500", "1000", "+Inf"}) {
    const std::string key =
        "batch_size_bucket{endpoint=\"/batch-ingest\",le=\"" + std::string(bound) + "\"}";
    INFO(bound);
    CHECK(value(key) == (std::string(bound) == "+Inf" || std::stoi(bound) >= 250 ? 1 : 0));
  }
}

TEST_CASE("observer: the accounting closes", "[metrics]") {
  Observer observer(quiet());
  const std::vector<Rejection> parsed = {rejection("message", Reason::too_long),
                                         rejection("", Reason::malformed),
                                         rejection("timestamp", Reason::too_new)};
  observer.emit(RecordsReceived{"/batch-ingest", "default", 10, parsed});
  const std::vector<Rejection> refused = {rejection("", Reason::refused_by_store)};
  std::vector<LogRecord> records(7);
  const std::vector<Outcome> outcomes = {Outcome::stored,   Outcome::stored, Outcome::duplicate,
                                         Outcome::rejected, Outcome::failed, Outcome::stored,
                                         Outcome::failed};
  observer.emit(BatchStored{"default", 3, 1, 2, refused, records, outcomes});
  const Accounting sums = observer.accounting();
  CHECK(sums.received == 10);
  CHECK(sums.stored == 3);
  CHECK(sums.duplicate == 1);
  CHECK(sums.failed == 2);
  CHECK(sums.rejected_total() == 4);
  CHECK(sums.received == sums.stored + sums.duplicate + sums.failed + sums.rejected_total());
  CHECK(sums.rejected ==
        std::vector<std::pair<std::string, std::uint64_t>>{
            {"malformed", 1}, {"too_long", 1}, {"too_new", 1}, {"refused_by_store", 1}});
  const auto all = samples(observer);
  CHECK(all.at("logs_ingested_total{event_type=\"none\",priority=\"normal\"}") == 3);
}

TEST_CASE("observer: threads lose no count", "[metrics]") {
  Observer observer(quiet());
  constexpr int kThreads = 4;
  constexpr int kRounds = 500;
  std::vector<std::thread> threads;
  std::atomic<bool> closed = true;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const std::vector<Rejection> rejections = {rejection("level", Reason::unknown_value)};
      const std::vector<LogRecord> records(2);
      const std::vector<Outcome> outcomes(2, Outcome::stored);
      for (int i = 0; i < kRounds; ++i) {
        observer.emit(request("/route" + std::to_string((i + t) % 50), 200));
        observer.emit(RecordsReceived{"/ingest", "default", 3, rejections});
        observer.emit(BatchStored{"default", 2, 0, 0, {}, records, outcomes});
        const Accounting sums = observer.accounting();
        if (sums.received < sums.stored + sums.rejected_total()) closed = false;
        if (i % 100 == 0) (void)observer.scrape();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(closed);
  const Accounting sums = observer.accounting();
  CHECK(sums.received == 3 * kThreads * kRounds);
  CHECK(sums.stored == 2 * kThreads * kRounds);
  CHECK(sums.rejected_total() == kThreads * kRounds);
  double requests = 0;
  for (const auto& [name, value] : samples(observer)) {
    if (name.starts_with("http_requests_total")) requests += value;
  }
  CHECK(requests == kThreads * kRounds);
  CHECK(observer.average_latency_ms() == Approx(1.5));
}

TEST_CASE("observer: latency and error rate since the start", "[metrics]") {
  Observer observer(quiet());
  CHECK(observer.average_latency_ms() == 0);
  CHECK(observer.error_rate_percent() == 0);
  observer.emit(request("/a", 200));
  observer.emit(request("/a", 404));
  observer.emit(request("/a", 500));
  RequestServed slow = request("/a", 503);
  slow.took = microseconds(5500);
  observer.emit(slow);
  CHECK(observer.average_latency_ms() == Approx(2.5));
  CHECK(observer.error_rate_percent() == Approx(50));
}

TEST_CASE("observer: labels stay bounded whatever clients send", "[metrics]") {
  Observer observer(quiet());
  std::vector<LogRecord> records(400);
  std::vector<std::string> texts;
  for (int i = 0; i < 400; ++i) texts.push_back("junk" + std::to_string(i));
  for (int i = 0; i < 400; ++i) {
    records[i].event_type = texts[i];
    records[i].priority = i % 2 == 0 ? "high" : "normal";
  }
  const std::vector<Outcome> outcomes(400, Outcome::stored);
  observer.emit(BatchStored{"default", 400, 0, 0, {}, records, outcomes});
  std::vector<Rejection> rejections;
  for (const std::string& text : texts) {
    rejections.push_back(rejection(text, Reason::too_long));
    rejections.push_back(rejection("properties." + text, Reason::too_long));
    rejections.push_back(rejection("properties[" + text, Reason::bad_number));
  }
  rejections.push_back(rejection("", Reason::malformed));
  observer.emit(RecordsReceived{"file", "default", 1201, rejections});
  for (int i = 0; i < 5000; ++i) observer.emit(request("/junk" + std::to_string(i), 200));

  std::map<std::string, double> by_family;
  for (const auto& [name, value] : samples(observer)) {
    if (value > 0) ++by_family[name.substr(0, name.find('{'))];
  }
  const auto all = samples(observer);
  CHECK(all.at("logs_ingested_total{event_type=\"other\",priority=\"high\"}") == 200);
  CHECK(all.at("logs_ingested_total{event_type=\"other\",priority=\"normal\"}") == 200);
  CHECK(all.at("validation_errors_total{error_type=\"too_long\",field=\"other\"}") == 400);
  CHECK(all.at("validation_errors_total{error_type=\"too_long\",field=\"properties\"}") == 400);
  CHECK(all.at("validation_errors_total{error_type=\"bad_number\",field=\"properties\"}") == 400);
  CHECK(all.at("validation_errors_total{error_type=\"malformed\",field=\"record\"}") == 1);
  CHECK(by_family["validation_errors_total"] == 4);
  CHECK(by_family["http_requests_total"] < 600);
}

TEST_CASE("observer: one access line per request, console", "[metrics]") {
  StderrCapture capture;
  {
    Observer observer(config::Config{});
    observer.emit(request("/ingest", 201));
  }
  const auto lines = capture.lines();
  REQUIRE(lines.size() == 1);
  CHECK_THAT(lines[0],
             Catch::Matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z "
                            "info  request method=POST target=\"/api/v1/ingest\\?x=1\" status=201 "
                            "ms=1\\.500 bytes_in=100 bytes_out=20 remote=10\\.0\\.0\\.1 "
                            "key=A1b2C3d4 request_id=r-1"));
}

TEST_CASE("observer: one access line per request, JSON", "[metrics]") {
  StderrCapture capture;
  {
    config::Config config;
    config.log.format = "json";
    Observer observer(config);
    RequestServed event = request("/ingest", 201);
    event.key_id = "";
    observer.emit(event);
  }
  const auto lines = capture.lines();
  REQUIRE(lines.size() == 1);
  CHECK_THAT(
      lines[0],
      Catch::Matches("\\{\"ts\":\"[-0-9]{10}T[:0-9]{8}\\.[0-9]{3}Z\",\"level\":\"info\","
                     "\"what\":\"request\",\"method\":\"POST\",\"target\":\"/api/v1/ingest\\?x=1\","
                     "\"status\":201,\"ms\":1\\.500,\"bytes_in\":100,\"bytes_out\":20,"
                     "\"remote\":\"10\\.0\\.0\\.1\",\"request_id\":\"r-1\"\\}"));
}

TEST_CASE("observer: no access line when switched off or below the level", "[metrics]") {
  StderrCapture capture;
  {
    config::Config config;
    config.log.access = false;
    Observer off(config);
    off.emit(request("/ingest", 500));
    config.log.access = true;
    config.log.level = "warn";
    Observer above(config);
    above.emit(request("/ingest", 500));
    config.log.level = "info";
    above.configure(config);
    above.emit(request("/ingest", 500));
  }
  CHECK(capture.lines().size() == 1);
}

TEST_CASE("observer: what clients send cannot break or forge a line", "[metrics]") {
  const std::string evil = "a\nb\r\x1b[31m \"q\" \\ \x7f \xc2\x9b \xe2\x80\xae \xff\x9b é";
  for (const std::string format : {"console", "json"}) {
    StderrCapture capture;
    {
      config::Config config;
      config.log.format = format;
      Observer observer(config);
      RequestServed event = request("/ingest", 400);
      event.target = evil;
      observer.emit(event);
      observer.emit(StoreFailed{"query", evil});
      observer.emit(Notice{Notice::Severity::warn, "stopping", evil});
    }
    const auto lines = capture.lines();
    INFO(format);
    REQUIRE(lines.size() == 3);
    const std::string expected =
        format == "console"
            ? "\"a\\nb\\x0d\\x1b[31m \\\"q\\\" \\\\ \\x7f \\x9b \\u202e \\xff\\x9b é\""
            : "\"a\\u000ab\\u000d\\u001b[31m \\\"q\\\" \\\\ \\u007f \\u009b \\u202e "
              "\\ufffd\\ufffd é\"";
    for (const std::string& line : lines) CHECK_THAT(line, Catch::Contains(expected));
  }
}

TEST_CASE("observer: severities follow the consequence", "[metrics]") {
  StderrCapture capture;
  {
    config::Config config;
    config.log.level = "debug";
    config.log.format = "json";
    Observer observer(config);
    const std::vector<Rejection> refused = {rejection("", Reason::refused_by_store)};
    const std::vector<LogRecord> records(1);
    const std::vector<Outcome> outcomes = {Outcome::rejected};
    observer.emit(RecordsReceived{"/ingest", "default", 1, refused});
    observer.emit(BatchStored{"default", 0, 0, 0, refused, records, outcomes});
    observer.emit(StoreFailed{"insert_batch", "gone"});
    observer.emit(RateLimited{"k", "requests"});
    observer.emit(Notice{Notice::Severity::debug, "d", ""});
    observer.emit(Notice{Notice::Severity::info, "i", ""});
    observer.emit(Notice{Notice::Severity::warn, "w", ""});
    observer.emit(Notice{Notice::Severity::error, "e", "now"});
  }
  std::vector<std::string> starts;
  const auto lines = capture.lines();
  for (const std::string& line : lines) starts.push_back(line.substr(line.find("\"level\"")));
  REQUIRE(starts.size() == 8);
  CHECK(starts[0].starts_with("\"level\":\"debug\",\"what\":\"records rejected\""));
  CHECK(starts[1].starts_with("\"level\":\"warn\",\"what\":\"records refused by the store\""));
  CHECK(starts[2].starts_with("\"level\":\"error\",\"what\":\"store failed\""));
  CHECK(starts[3].starts_with("\"level\":\"debug\",\"what\":\"rate limited\""));
  CHECK(starts[4] == "\"level\":\"debug\",\"what\":\"d\"}");
  CHECK(starts[5] == "\"level\":\"info\",\"what\":\"i\"}");
  CHECK(starts[6] == "\"level\":\"warn\",\"what\":\"w\"}");
  CHECK(starts[7] == "\"level\":\"error\",\"what\":\"e\",\"detail\":\"now\"}");
}

TEST_CASE("observer: a store that is away does not flood the log", "[metrics]") {
  StderrCapture capture;
  {
    Observer observer(quiet());
    for (int i = 0; i < 1000; ++i) observer.emit(StoreFailed{"insert_batch", "gone"});
    observer.emit(StoreFailed{"query", "gone"});
    CHECK(samples(observer).at("database_errors_total{operation=\"insert_batch\"}") == 1000);
  }
  const auto lines = capture.lines();
  // One for each operation and, on a slow machine, one for each further second.
  CHECK(lines.size() >= 2);
  CHECK(lines.size() < 20);
}

TEST_CASE("observer: an unknown level or format is a configuration error", "[metrics]") {
  config::Config config;
  config.log.level = "loud";
  CHECK_THROWS_WITH(Observer(config),
                    "log.level: 'loud' is not one of trace, debug, info, warn, error");
  config.log.level = "info";
  config.log.format = "xml";
  CHECK_THROWS_WITH(Observer(config), "log.format: 'xml' is not one of console, json");
}

TEST_CASE("metrics: what goes on and on is logged ever less, up to once a minute", "[metrics]") {
  metrics::Repeats repeats;
  auto now = std::chrono::steady_clock::time_point() + std::chrono::hours(1);
  std::vector<int> shown;
  std::uint64_t told = 0;
  for (int second = 0; second < 600; ++second, now += std::chrono::seconds(1)) {
    if (const auto held_back = repeats.admit("keys", now)) {
      shown.push_back(second);
      told += *held_back + 1;
    }
  }
  CHECK(shown.size() == 15);
  CHECK(shown[1] == 1);
  CHECK(shown.back() - shown[shown.size() - 2] == 60);
  CHECK(told == static_cast<std::uint64_t>(shown.back()) + 1);
  CHECK(repeats.admit("accounts", now) == 0);
  // After a quiet minute it is news again.
  now += std::chrono::minutes(2);
  CHECK(repeats.admit("keys", now));
  CHECK(repeats.admit("keys", now + std::chrono::seconds(1)));
}
