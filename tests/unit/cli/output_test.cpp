#include "cli/output.h"

#include "cli/check_list.h"
#include "cli/relative_time.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <csignal>
#include <fcntl.h>
#include <limits>
#include <unistd.h>

using namespace logctl;
using namespace logctl::cli;

namespace {

struct Printed {
  std::string out;
  std::string err;
};

template <typename Print>
Printed print(OutputSettings settings, Print body) {
  StringSink out;
  StringSink err;
  Output output(out, err, settings);
  body(output);
  return {out.text(), err.text()};
}

std::string table_as(OutputFormat format, const std::vector<Row>& rows, std::size_t width = 0) {
  OutputSettings settings;
  settings.format = format;
  settings.width = width;
  return print(settings, [&](Output& out) { out.table({"id", "n", "text"}, rows); }).out;
}

const std::vector<Row> kRows = {
    {"a", 5, "plain"},
    {"bbb", nullptr, "tab\there, \"quote\"\nnext"},
    {"", -12.5, ""},
};

}  // namespace

TEST_CASE("output: a table is aligned, numbers to the right, without raw control characters",
          "[cli]") {
  CHECK(table_as(OutputFormat::table, kRows) ==
        "id   n      text\n"
        "a        5  plain\n"
        "bbb  -      tab\\there, \"quote\"\\nnext\n"
        "     -12.5  \n");
  CHECK(table_as(OutputFormat::table, {}) == "id  n  text\n");
}

TEST_CASE("output: only the last column gives way to a narrow terminal", "[cli]") {
  const std::string cut =
      table_as(OutputFormat::table, {{"a", 1, "\u00e4" + std::string(50, 'x')}}, 30);
  CHECK(cut ==
        "id  n  text" + std::string() + "\na   1  \u00e4" + std::string(21, 'x') + "\u2026\n");
  const std::string uncut = table_as(OutputFormat::table, {{std::string(30, 'i'), 1, "text"}}, 30);
  CHECK(uncut.find(std::string(30, 'i') + "  1  text") != std::string::npos);
}

TEST_CASE("output: when the last column is not enough, the widest texts give way", "[cli]") {
  OutputSettings settings;
  settings.format = OutputFormat::table;
  settings.width = 60;
  const Row row = {std::string(15, 'i'), std::string(40, 'a'), std::string(12, 'b'), 123456789012,
                   std::string(40, 'z')};
  const std::string out = print(settings, [&](Output& output) {
                            output.table({"id", "a", "b", "n", "z"}, {row});
                          }).out;
  const std::string line = out.substr(out.find('\n') + 1);
  // Names of rows and what is last stay; what has no room is told.
  CHECK(line == std::string(15, 'i') + "  " + std::string(20, 'a') + "\u2026  " +
                    std::string(19, 'z') + "\u2026\n");
  CHECK(columns(line) == 60 + 1);
}

namespace {

Printed narrow_table(const std::vector<std::string>& headers, const std::vector<Row>& rows,
                     const Output::Less& less = {}) {
  OutputSettings settings;
  settings.format = OutputFormat::table;
  settings.width = 80;
  return print(settings, [&](Output& output) { output.table(headers, rows, less); });
}

std::size_t widest_line(std::string_view text) {
  std::size_t most = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    most = std::max(most, columns(line));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return most;
}

}  // namespace

TEST_CASE("output: a column without anything in it goes first, then those that say least",
          "[cli]") {
  const Timestamp time = *parse_rfc3339("2025-03-01T12:00:00Z");
  const std::vector<std::string> headers = {"id",      "state",   "used_at", "nothing",
                                            "ends_at", "made_at", "name"};
  const Row row = {"abcdefgh", "active", time, nullptr, time, time, "a name of some length"};
  const std::vector<std::string_view> less = {"made_at", "ends_at", "used_at"};
  const Printed few = narrow_table(headers, {row}, less);
  CHECK(few.out.starts_with("id        state   used_at               name\n"));
  CHECK(few.err == "3 more columns with -o json: nothing, ends_at, made_at\n");
  CHECK(widest_line(few.out) <= 80);
  CHECK(few.out.find("a name of some length") != std::string::npos);
  // What has room beside the one that had to go comes back.
  const Printed back = narrow_table({"id", "n", "at", "name"},
                                    {{std::string(60, 'i'), 7, time, "x"}}, {{"n", "at", "name"}});
  CHECK(back.err == "1 more column with -o json: at\n");
  // A table that fits is whole.
  CHECK(narrow_table({"id", "nothing", "name"}, {{"a", nullptr, "b"}}).err.empty());
  // No rows: every header that there is room for.
  CHECK(narrow_table({"id", "nothing", "name"}, {}).out == "id  nothing  name\n");
}

TEST_CASE("output: checks are whole on a terminal, their advice on a line of its own", "[cli]") {
  OutputSettings settings;
  settings.format = OutputFormat::table;
  settings.width = 50;
  const std::vector<CheckRow> rows = {{"clock", "warning", "nothing keeps it in step with others",
                                       "run systemd-timesyncd or chrony"},
                                      {"store", "ok", "fine", ""}};
  const auto show = [&](Output& out) { print_checks(out, rows); };
  CHECK(print(settings, show).out ==
        "check  state    detail\n"
        "clock  warning  nothing keeps it in step with\n"
        "                others\n"
        "                advice: run systemd-timesyncd or\n"
        "                chrony\n"
        "store  ok       fine\n");
  settings.format = OutputFormat::csv;
  CHECK_THAT(print(settings, show).out,
             Catch::StartsWith("check,state,detail,advice\r\nclock,warning,"));
}

TEST_CASE("output: ids, times and numbers are left out rather than cut", "[cli]") {
  const std::string id(36, 'i');
  const Printed printed = narrow_table({"stream", "n", "id", "data"},
                                       {{std::string(30, 's'), 7, id, std::string(90, 'd')}});
  CHECK(printed.out.find("\u2026") != std::string::npos);
  CHECK(printed.out.find(id) == std::string::npos);
  CHECK(printed.err == "1 more column with -o json: id\n");
  CHECK(narrow_table({"n", "id"}, {{7, std::string(100, 'i')}}).out.find(std::string(100, 'i')) !=
        std::string::npos);
}

TEST_CASE("output: every list fits 80 columns, with exact times too", "[cli]") {
  const Timestamp time = *parse_rfc3339("2025-03-01T12:00:00.123456Z");
  const Timestamp second = *parse_rfc3339("2025-03-01T12:00:00Z");
  const std::string text(40, 'x');
  const std::string day = "2025-03-01";
  struct List {
    std::vector<std::string> headers;
    Row row;
    Output::Less less;
  };
  const std::vector<List> lists = {
      {{"version", "name", "state", "applied_at", "took_ms", "applied_by", "set", "detail"},
       {12, text, "applied", second, 1234, text, "store", text},
       {}},
      {{"version", "name", "action", "set", "day_files", "transaction", "half_done", "sha256",
        "sql"},
       {12, text, "up", "store", 31, true, false, std::string(64, '0'), text},
       {}},
      {{"day", "field", "state", "bytes"}, {day, text, "building", 123456789012}, {}},
      {{"count", "pattern", "first", "last"}, {1234567, text, time, time}, {}},
      {{"tenant", "match", "age", "set_at", "from"},
       {text, text, "30d", time, "retention.default"},
       {}},
      {{"namespace", "messageCount", "createdAt", "description"}, {text, 123456, time, text}, {}},
      {{"stream", "version", "lastActivity"}, {text, 123456, time}, {}},
      {{"path", "state"}, {text, "missing"}, {}},
  };
  for (const List& list : lists) {
    CAPTURE(list.headers);
    CHECK(widest_line(narrow_table(list.headers, {list.row}, list.less).out) <= 80);
  }
}

TEST_CASE("output: tables say how long ago, everything else the exact time", "[cli]") {
  OutputSettings settings;
  settings.format = OutputFormat::table;
  const Timestamp now = *parse_rfc3339("2025-03-01T12:00:00Z");
  settings.relative_to = now;
  const Row row = {"a", now - seconds(200), now + std::chrono::hours(72)};
  const auto show = [&](Output& out) { out.table({"id", "used", "ends"}, {row}); };
  CHECK(print(settings, show).out == "id  used    ends\na   3m ago  in 3d\n");
  const auto one = [&](Output& out) { out.object({{"used", row[1]}}); };
  CHECK(print(settings, one).out == "used: 2025-03-01T11:56:40Z (3m ago)\n");
  settings.format = OutputFormat::json;
  CHECK(print(settings, one).out == "{\"used\":\"2025-03-01T11:56:40Z\"}\n");
  settings.format = OutputFormat::table;
  settings.relative_to.reset();  // --utc
  CHECK(print(settings, one).out == "used: 2025-03-01T11:56:40Z\n");
}

TEST_CASE("output: relative times have one unit", "[cli]") {
  const Timestamp now = *parse_rfc3339("2025-03-01T12:00:00Z");
  CHECK(relative_time(now, now) == "now");
  CHECK(relative_time(now - milliseconds(1500), now) == "1s ago");
  CHECK(relative_time(now - seconds(119), now) == "119s ago");
  CHECK(relative_time(now - seconds(120), now) == "2m ago");
  CHECK(relative_time(now + std::chrono::minutes(119), now) == "in 119m");
  CHECK(relative_time(now + std::chrono::hours(47), now) == "in 47h");
  CHECK(relative_time(now - std::chrono::hours(48), now) == "2d ago");
  CHECK(relative_time(now - std::chrono::days(400), now) == "400d ago");
}

TEST_CASE("output: JSON keeps types and nulls", "[cli]") {
  CHECK(table_as(OutputFormat::json, kRows) ==
        "[\n"
        "{\"id\":\"a\",\"n\":5,\"text\":\"plain\"},\n"
        "{\"id\":\"bbb\",\"n\":null,\"text\":\"tab\\there, \\\"quote\\\"\\nnext\"},\n"
        "{\"id\":\"\",\"n\":-12.5,\"text\":\"\"}\n"
        "]\n");
  CHECK(table_as(OutputFormat::json, {}) == "[]\n");
  CHECK(table_as(OutputFormat::jsonl, {kRows[0]}) == "{\"id\":\"a\",\"n\":5,\"text\":\"plain\"}\n");
  CHECK(table_as(OutputFormat::jsonl, {}).empty());
}

TEST_CASE("output: CSV follows RFC 4180 and tells null from empty", "[cli]") {
  CHECK(table_as(OutputFormat::csv, kRows) ==
        "id,n,text\r\n"
        "a,5,plain\r\n"
        "bbb,,\"tab\there, \"\"quote\"\"\nnext\"\r\n"
        "\"\",-12.5,\"\"\r\n");
}

TEST_CASE("output: plain holds one line per row whatever the text is", "[cli]") {
  CHECK(table_as(OutputFormat::plain, kRows) ==
        "a\t5\tplain\n"
        "bbb\t\ttab\\there, \"quote\"\\nnext\n"
        "\t-12.5\t\n");
}

TEST_CASE("output: automatic is a table on a terminal and plain when piped", "[cli]") {
  OutputSettings settings;
  CHECK(
      print(settings, [](Output& out) { CHECK(out.format() == OutputFormat::plain); }).out.empty());
  settings.out_is_terminal = true;
  CHECK(
      print(settings, [](Output& out) { CHECK(out.format() == OutputFormat::table); }).out.empty());
}

TEST_CASE("output: one answer in every format", "[cli]") {
  const auto as = [](OutputFormat format) {
    OutputSettings settings;
    settings.format = format;
    return print(settings,
                 [](Output& out) {
                   out.object({{"key", "v w"},
                               {"count", 3},
                               {"none", nullptr},
                               {"list", Value::json("[1]")}});
                 })
        .out;
  };
  CHECK(as(OutputFormat::table) == "key:   v w\ncount: 3\nnone:  -\nlist:  [1]\n");
  CHECK(as(OutputFormat::plain) == "key\tv w\ncount\t3\nnone\t\nlist\t[1]\n");
  CHECK(as(OutputFormat::json) == "{\"key\":\"v w\",\"count\":3,\"none\":null,\"list\":[1]}\n");
  CHECK(as(OutputFormat::jsonl) == as(OutputFormat::json));
  CHECK(as(OutputFormat::csv) == "key,count,none,list\r\nv w,3,,[1]\r\n");
}

TEST_CASE("output: values keep what they are", "[cli]") {
  const auto json = [](const Value& value) {
    std::string out;
    value.append_json(out);
    return out;
  };
  CHECK(json(true) == "true");
  CHECK(json(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(json(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(json(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(json(*parse_rfc3339("2026-01-02T03:04:05Z")) == "\"2026-01-02T03:04:05Z\"");
  CHECK(json(std::optional<int>()) == "null");
  CHECK(json(std::optional<int>(4)) == "4");
}

TEST_CASE("output: notes go to standard error unless quiet, errors always", "[cli]") {
  const auto body = [](Output& out) {
    out.note("note");
    out.detail("detail");
    out.error("error");
  };
  OutputSettings settings;
  CHECK(print(settings, body).err == "note\nerror\n");
  settings.verbose = 1;
  CHECK(print(settings, body).err == "note\ndetail\nerror\n");
  settings.quiet = true;
  CHECK(print(settings, body).err == "error\n");
  CHECK(print(settings, body).out.empty());
}

TEST_CASE("output: what would command a terminal is shown instead", "[cli]") {
  const auto f = [](std::string_view text, std::string_view expected) {
    CHECK(terminal_safe(text) == expected);
  };
  f("plain \u00e4\u20ac\U0001F600", "plain \u00e4\u20ac\U0001F600");
  f("\033[31mred\033[0m", "\\x1b[31mred\\x1b[0m");
  f("a\nb\tc\rd", "a\\nb\\tc\\rd");
  f(std::string_view("\0", 1), "\\x00");
  f("\x7f", "\\x7f");
  f("\xc2\x9b"
    "31m",
    "\\x9b31m");                         // the one-character CSI
  f("\xff\xc3(", "\\xff\\xc3(");         // not UTF-8
  f("\xed\xa0\x80", "\\xed\\xa0\\x80");  // a surrogate
  f("\xc0\xaf", "\\xc0\\xaf");           // overlong
}

TEST_CASE("output: a full disk is an error and a gone reader is not", "[cli]") {
  const int full = ::open("/dev/full", O_WRONLY);
  REQUIRE(full >= 0);
  FdSink sink(full, "standard output");
  sink.write("x");
  try {
    sink.flush();
    FAIL("written to a full disk");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::io);
    CHECK(error.message() == "write to standard output: No space left on device");
  }
  ::close(full);

  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  FdSink pipe(ends[1], "standard output");
  pipe.write("x");
  CHECK_THROWS_AS(pipe.flush(), BrokenPipe);
  ::close(ends[1]);
}
