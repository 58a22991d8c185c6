// The commands that count, on an embedded store and through a daemon's answers.
#include "cli/count_answers.h"
#include "cli/run.h"
#include "cli/url_form.h"
#include "shared/base/time_text.h"
#include "shared/config/config.h"
#include "shared/migrations/runner.h"
#include "shared/storage/backend.h"
#include "tests/support/catch.h"
#include "tests/support/script_server.h"
#include "tests/support/temp_dir.h"

#include <string>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-01-15T12:00:30Z");

struct Answered {
  int status = 0;
  std::string out, err;
};

class Fixture {
 public:
  Fixture() {
    config::Config config;
    config.storage.data_dir = folder_.path();
    storage::Backend backend = storage::open_backend(config, clock_);
    migrations::up(*backend.schema, std::nullopt, seconds(10), clock_);
    std::vector<LogRecord> records(4);
    const char* ids[] = {"a", "b", "c", "d"};
    for (std::size_t i = 0; i < records.size(); ++i) {
      records[i].event_id = ids[i];
      records[i].timestamp = kNow - seconds(60 * static_cast<std::int64_t>(i / 2));
      records[i].received_at = kNow;
      records[i].service = i == 0 ? "web" : "api";
      records[i].level = i == 3 ? Level::error : Level::info;
      records[i].properties = i % 2 == 0 ? R"({"ms":1.5})" : R"({"ms":2})";
    }
    records[2].tenant = "acme";
    std::vector<const LogRecord*> all;
    for (const LogRecord& record : records) all.push_back(&record);
    backend.logs->append(all, {"test"});
  }

  Answered run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--set", "storage.data_dir=" + folder_.path().string()});
    StringSink out;
    StringSink err;
    const Surroundings surroundings{out, err, {}, clock_};
    const int status = cli::run(arguments, surroundings);
    return {status, out.text(), err.text()};
  }

 private:
  test::TempDir folder_;
  ManualClock clock_{kNow};
};

}  // namespace

TEST_CASE("hits: bars, rows and JSON say the same", "[cli]") {
  Fixture f;
  const std::vector<std::string> ask = {"hits", "--since", "2m", "--step", "1m"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = ask;
    all.insert(all.end(), more.begin(), more.end());
    return f.run(all);
  };
  const Answered table = with({"-o", "table"});
  CHECK(table.status == 0);
  CHECK(table.out.starts_with("2026-01-15T11:58Z  0\n2026-01-15T11:59Z  1  ██"));
  CHECK(table.err == "3 records, each line 1m\n");
  CHECK(with({"-o", "csv"}).out ==
        "time,count\r\n2026-01-15T11:58:00Z,0\r\n2026-01-15T11:59:00Z,1\r\n"
        "2026-01-15T12:00:00Z,2\r\n");
  CHECK(with({"-o", "jsonl", "--group", "level"}).out ==
        "{\"time\":\"2026-01-15T11:59:00Z\",\"level\":\"ERROR\",\"count\":1,\"others\":"
        "false}\n"
        "{\"time\":\"2026-01-15T12:00:00Z\",\"level\":\"INFO\",\"count\":2,\"others\":"
        "false}\n");
  CHECK(with({"-o", "json", "--tenant", "acme"}).out ==
        "{\"step\":\"1m\",\"start\":\"2026-01-15T11:58:00Z\",\"end\":\"2026-01-15T12:01:00Z\","
        "\"total\":1,\"cut\":false,\"result\":[{\"metric\":{},\"total\":1,\"values\":"
        "[[1768478280,0],[1768478340,1],[1768478400,0]]}]}\n");
}

TEST_CASE("facets, fields, stats: what is in the records", "[cli]") {
  Fixture f;
  CHECK(f.run({"facets", "-o", "csv", "--limit", "1"}).out ==
        "field,count,value\r\nservice,2,api\r\nlevel,2,INFO\r\npriority,3,normal\r\n"
        "properties.ms,2,2\r\n");
  CHECK(f.run({"fields", "-o", "csv"}).out ==
        "field,records,values,of\r\nservice,3,2,all\r\nlevel,3,2,all\r\npriority,3,1,all\r\n"
        "properties.ms,3,2,all\r\n");
  CHECK(f.run({"fields", "service", "-o", "csv"}).out == "count,value\r\n2,api\r\n1,web\r\n");
  CHECK(f.run({"fields", "service", "level:error", "-o", "csv"}).out == "count,value\r\n1,api\r\n");
  const Answered cut = f.run({"fields", "service", "--limit", "1", "-o", "csv"});
  CHECK(cut.out == "count,value\r\n2,api\r\n");
  CHECK(cut.err == "of 2 values; --limit shows more\n");
  CHECK(
      f.run({"stats", "--by", "service", "--calc", "sum(properties.ms),count", "-o", "csv"}).out ==
      "service,count,sum(properties.ms)\r\napi,2,4\r\nweb,1,1.5\r\n");
  CHECK(f.run({"facets", "--sample", "1", "-o", "csv"}).err ==
        "looked at the newest 1 of 3 records; --sample looks at more\n");
  CHECK(f.run({"facets", "--limit", "1", "-o", "csv"}).err ==
        "3 fields have more values than shown; --limit shows more\n");
}

TEST_CASE("counts: flags ask as text does", "[cli]") {
  Fixture f;
  CHECK(f.run({"fields", "service", "--level", "error", "-o", "csv"}).out ==
        "count,value\r\n1,api\r\n");
  CHECK(f.run({"fields", "service", "--min-level", "info", "--service", "web", "-o", "csv"}).out ==
        "count,value\r\n1,web\r\n");
  const Answered refused = f.run({"stats", "--level", "loud"});
  CHECK(refused.status == 2);
  CHECK(refused.err.starts_with("logctl: --level: expected TRACE, DEBUG"));
  CHECK(f.run({"hits", "--user", ""}).err.starts_with("logctl: --user: expected a value"));
}

TEST_CASE("counts: a bad flag is a usage error that names the flag", "[cli]") {
  struct Case {
    std::vector<std::string> arguments;
    std::string message;
  };
  const Case cases[] = {
      {{"hits", "--since", "1x"},
       "--since: expected a duration before now such as 1h30m, or an RFC 3339 time, found `1x`"},
      {{"hits", "levl:x"}, "query: column 1: unknown field 'levl'; did you mean 'level'?"},
      {{"fields", "servce"}, "field: unknown field `servce`, did you mean service?"},
      {{"stats", "--calc", "sum(host)"},
       "--calc: host is no number: sum needs sequence_number or a property"},
      {{"facets", "--tenant", ""}, "--tenant: expected a name in UTF-8"},
  };
  Fixture f;
  for (const Case& c : cases) {
    const Answered answer = f.run(c.arguments);
    CAPTURE(c.message);
    CAPTURE(answer.err);
    CHECK(answer.status == 2);
    CHECK(answer.out.empty());
    CHECK(answer.err.starts_with("logctl: " + c.message + "\n"));
  }
}

TEST_CASE("counts: a daemon is asked the same, and answers the same", "[cli]") {
  const std::string data =
      R"({"field":"service","rows":2,"distinct":1,"cut":false,"values":[{"value":"api","count":2}]})";
  const auto reply = [](const char* status, const std::string& body) {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  test::ScriptServer server(
      {{{reply("200 OK", R"({"success":true,"data":)" + data + "}")}},
       {{reply("400 Bad Request", R"({"error":"invalid_parameter","message":"limit: no"})")}},
       {{reply("401 Unauthorized", R"({"error":"unauthorized","message":"no key"})")}}});
  Fixture f;
  const std::vector<std::string> ask = {"fields",     "service", "level>=warn", "--url",
                                        server.url(), "-o",      "json"};
  CHECK(f.run(ask).out == data + "\n");
  const Answered bad = f.run(ask);
  CHECK(bad.status == 2);
  CHECK(bad.err.find("limit: no") != std::string::npos);
  CHECK(f.run(ask).status == 4);
  const std::vector<std::string>& requests = server.finish();
  REQUIRE(requests.size() == 3);
  CHECK(
      requests[0].starts_with("GET /api/v1/logs/fields/service/values?q=level%3E%3Dwarn HTTP/1.1"));
}

TEST_CASE("counts: what goes into a URL is escaped", "[cli]") {
  CHECK(escape_url("level>=warn \"a b\"&x=1#ü") ==
        "level%3E%3Dwarn%20%22a%20b%22%26x%3D1%23%C3%BC");
  CHECK(escape_url("properties.a-b_c~") == "properties.a-b_c~");
}

}  // namespace logctl::cli
