#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/file_system.h"
#include "shared/base/ids.h"
#include "shared/base/json_writer.h"
#include "shared/base/queue.h"
#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>

using namespace logctl;

TEST_CASE("error: the table has unique stable names and documented exit statuses", "[base]") {
  std::set<std::string_view> names;
  for (const ErrorInfo& row : error_table()) {
    CHECK(names.insert(row.name).second);
    CHECK_FALSE(row.meaning.empty());
    bool documented = false;
    for (const ExitStatus& status : exit_statuses()) documented |= status.status == row.exit_status;
    CHECK(documented);
    CHECK(&info(row.code) == &row);
  }
}

TEST_CASE("error: context goes in front and the code stays", "[base]") {
  const Error error =
      Error(ErrorCode::io, "write 'x': No space left on device", "free some space").within("spool");
  CHECK(error.message() == "spool: write 'x': No space left on device");
  CHECK(error.code() == ErrorCode::io);
  CHECK(error.hint() == "free some space");
}

TEST_CASE("units: sizes", "[base]") {
  const auto f = [](std::string_view text, std::optional<std::uint64_t> expected) {
    INFO(text);
    CHECK(parse_size(text) == expected);
  };
  f("512", 512);
  f("64MiB", 64ULL << 20);
  f("64 mib", 64ULL << 20);
  f("10MB", 10'000'000);
  f("1G", 1ULL << 30);
  f("0", 0);
  f("", std::nullopt);
  f("MiB", std::nullopt);
  f("5 apples", std::nullopt);
  f("-1", std::nullopt);
  f("99999999999TiB", std::nullopt);
  CHECK(format_size(64ULL << 20) == "64MiB");
  CHECK(format_size(1000) == "1000B");
  CHECK(human_size(1300ULL << 20) == "1.27 GiB");
}

TEST_CASE("units: durations", "[base]") {
  const auto f = [](std::string_view text, std::optional<std::int64_t> expected) {
    INFO(text);
    const auto parsed = parse_duration(text);
    REQUIRE(parsed.has_value() == expected.has_value());
    if (parsed) CHECK(parsed->count() == *expected);
  };
  f("250ms", 250'000);
  f("5s", 5'000'000);
  f("1h30m", 5'400'000'000);
  f("90d", 90LL * 86'400'000'000);
  f("0", 0);
  f("5", std::nullopt);
  f("", std::nullopt);
  f("5 s", std::nullopt);
  f("5y", std::nullopt);
  f("99999999999999999999s", std::nullopt);
  f("999999999999w", std::nullopt);
  CHECK(format_duration(microseconds(5'400'000'000)) == "1h30m");
  CHECK(format_duration(microseconds(0)) == "0s");
}

TEST_CASE("time: RFC 3339 both ways", "[base]") {
  const auto f = [](std::string_view text, std::string_view expected) {
    INFO(text);
    const auto parsed = parse_rfc3339(text);
    if (expected.empty()) {
      CHECK_FALSE(parsed.has_value());
    } else {
      REQUIRE(parsed.has_value());
      CHECK(format_rfc3339(*parsed) == expected);
    }
  };
  f("2024-01-15T10:30:00Z", "2024-01-15T10:30:00Z");
  f("2024-01-15t10:30:00.5z", "2024-01-15T10:30:00.5Z");
  f("2024-01-15 10:30:00.123456789+02:00", "2024-01-15T08:30:00.123456Z");
  f("2024-02-29T23:59:60Z", "2024-03-01T00:00:00Z");
  f("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z");
  f("2023-02-29T00:00:00Z", "");
  f("2024-01-15T10:30:00", "");
  f("2024-01-15T24:00:00Z", "");
  f("2024-01-15T10:30:00.Z", "");
  f("2024-01-15T10:30:00Zx", "");
  f("2024-01-15T10:30:00+2:00", "");
  f("not a time", "");
  f("", "");
  CHECK(format_day(*parse_day("2024-02-29")) == "2024-02-29");
  CHECK_FALSE(parse_day("2024-13-01").has_value());
}

TEST_CASE("ids: UUIDv7 sort by time, are unique and carry version and variant", "[base]") {
  std::set<std::string> seen;
  std::string last;
  for (int i = 0; i < 10000; ++i) {
    std::string id = uuid_v7(from_micros(1'700'000'000'000'000));
    CHECK(id.size() == 36);
    CHECK(id[14] == '7');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
    CHECK(last < id);
    last = id;
    seen.insert(std::move(id));
  }
  CHECK(seen.size() == 10000);
}

TEST_CASE("ids: base64url", "[base]") {
  std::string out;
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("ab"), std::string("\0\xff\x10z", 4)}) {
    REQUIRE(base64url_decode(base64url_encode(text), out));
    CHECK(out == text);
  }
  CHECK_FALSE(base64url_decode("a", out));
  CHECK_FALSE(base64url_decode("a+b/", out));
}

TEST_CASE("json writer: commas, escapes, numbers", "[base]") {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .field("a", 1)
      .field("b", "x\"\n\x01")
      .key("c")
      .begin_array()
      .value(1.5)
      .value(true)
      .null()
      .end_array();
  json.field("d", std::string("é")).key("e").raw("{\"k\":1e400}").end_object();
  CHECK(
      out ==
      "{\"a\":1,\"b\":\"x\\\"\\n\\u0001\",\"c\":[1.5,true,null],\"d\":\"é\",\"e\":{\"k\":1e400}}");
}

TEST_CASE("json: every byte at every place of a string comes out as it should", "[base]") {
  for (int byte = 1; byte < 256; ++byte) {
    const auto c = static_cast<char>(byte);
    std::string escaped(1, c);
    if (c == '"' || c == '\\') escaped = std::string("\\") + c;
    if (byte < 0x20) escaped = fmt::format("\\u{:04x}", byte);
    const std::map<char, std::string> short_forms = {
        {'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}, {'\b', "\\b"}, {'\f', "\\f"}};
    if (const auto found = short_forms.find(c); found != short_forms.end()) escaped = found->second;
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, 'x');
      text[place] = c;
      std::string out;
      append_json_string(out, text);
      const std::string expected =
          '"' + std::string(place, 'x') + escaped + std::string(19 - place, 'x') + '"';
      if (out != expected) FAIL(byte << " at " << place << ": " << out);
    }
  }
}

TEST_CASE("suggest: near names only", "[base]") {
  const std::string_view names[] = {"server.port", "server.host", "log.level"};
  CHECK(nearest_name("server.prot", names) == "server.port");
  CHECK(nearest_name("loglevel", names) == "log.level");
  CHECK(nearest_name("zzz", names).empty());
  const std::vector<std::string_view> shells = {"bash", "zsh", "fish"};
  CHECK(nearest_name("tcsh", shells).empty());
  CHECK(nearest_name("bsh", shells) == "bash");
}

TEST_CASE("file: replace is atomic and read gives it back", "[base]") {
  const test::TempDir dir;
  const auto path = dir.path() / "a.txt";
  replace_file(path, "one");
  replace_file(path, "two");
  CHECK(read_file(path) == "two");
  CHECK_FALSE(std::filesystem::exists(path.string() + ".tmp"));
  CHECK_THROWS_AS(read_file(dir.path() / "missing"), Error);
  try {
    read_file(dir.path() / "missing");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::not_found);
    CHECK(error.message() ==
          "open '" + (dir.path() / "missing").string() + "': No such file or directory");
  }
}

TEST_CASE("file: directories are made, or it is said why not", "[base]") {
  const test::TempDir dir;
  FileSystem& files = real_file_system();
  files.make_directories(dir.path() / "a/b/c", 0700);
  files.make_directories(dir.path() / "a/b/c", 0700);
  std::filesystem::create_directory_symlink("a/b", dir.path() / "good");
  files.make_directories(dir.path() / "good/d", 0700);
  CHECK(std::filesystem::is_directory(dir.path() / "a/b/d"));

  std::filesystem::create_directory_symlink("/nowhere/target", dir.path() / "dangling");
  replace_file(dir.path() / "file", "x", 0600);
  for (const std::filesystem::path& wrong :
       {dir.path() / "dangling", dir.path() / "dangling/b", dir.path() / "file",
        dir.path() / "file/b", std::filesystem::path("/proc/logctl-none/b")}) {
    INFO(wrong);
    try {
      files.make_directories(wrong, 0700);
      FAIL("made");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::io);
      CHECK_FALSE(error.hint().empty());
    }
  }
}

TEST_CASE("queue: bounded by cost, drained after close", "[base]") {
  BoundedQueue<int> queue(10);
  CHECK(queue.push(1, 100) == Push::ok);  // too dear, but alone
  CHECK(queue.push(2, 1) == Push::full);
  CHECK(queue.pop_some(10, 1000).size() == 1);
  CHECK(queue.push(3, 6) == Push::ok);
  CHECK(queue.push(4, 4) == Push::ok);
  CHECK(queue.push(5, 1) == Push::full);
  CHECK(queue.pop_some(10, 7) == std::vector<int>{3});
  queue.close();
  CHECK(queue.push(6, 1) == Push::closed);
  CHECK(queue.pop_some(10, 100) == std::vector<int>{4});
  CHECK(queue.pop_some(10, 100).empty());
}

TEST_CASE("queue: a waiting consumer wakes up for an item and for the end", "[base]") {
  BoundedQueue<int> queue(10);
  std::vector<int> taken;
  std::thread consumer([&] {
    for (auto items = queue.pop_some(1, 10); !items.empty(); items = queue.pop_some(1, 10)) {
      taken.push_back(items.front());
    }
  });
  for (int i = 0; i < 100; ++i) {
    while (queue.push(int(i), 1) == Push::full) std::this_thread::yield();
  }
  queue.close();
  consumer.join();
  CHECK(taken.size() == 100);
}

TEST_CASE("queue: a consumer may wait for several items, but not for ever", "[base]") {
  using Clock = std::chrono::steady_clock;
  BoundedQueue<int> queue(100);
  const auto all = [](const int&) { return true; };
  std::vector<int> taken;

  // What comes before the deadline is taken together.
  int pushed = 0;
  std::thread producer([&] {
    for (int i = 0; i < 3; ++i) pushed += queue.push(int(i), 1) == Push::ok ? 1 : 0;
  });
  CHECK(queue.pop_while(taken, all, BoundedQueue<int>::Wait{Clock::now() + seconds(30), 3}));
  producer.join();
  CHECK(pushed == 3);
  CHECK(taken == std::vector<int>{0, 1, 2});

  // After it, what there is.
  CHECK(queue.push(3, 1) == Push::ok);
  CHECK(queue.pop_while(taken, all, BoundedQueue<int>::Wait{Clock::now(), 2}));
  CHECK(taken.size() == 4);
  CHECK_FALSE(queue.pop_while(taken, all, BoundedQueue<int>::Wait{Clock::now(), 2}));

  // The end is not waited for.
  CHECK(queue.push(4, 1) == Push::ok);
  queue.close();
  CHECK(queue.pop_while(taken, all, BoundedQueue<int>::Wait{Clock::now() + seconds(30), 2}));
  CHECK(taken.size() == 5);
}
