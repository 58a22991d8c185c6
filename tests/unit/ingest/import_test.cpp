#include "shared/ingest/import.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/deflate.h"
#include "tests/support/fake_store.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <zstd.h>

#include <algorithm>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace logctl;
using test::gzip;

namespace {

std::string line(int number) {
  return fmt::format(
      R"({{"event_id":"e{}","timestamp":"2026-01-15T10:30:00Z","message":"number {}"}})", number,
      number);
}

std::string lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += line(i) + "\n";
  return text;
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

struct Fixture {
  test::TempDir folder;
  test::FakeStore store;
  config::Config config;
  ManualClock clock{from_micros(1'768'500'000'000'000)};  // 2026-01-15T18:00:00Z
  ingest::ImportOptions options;
  std::filesystem::path rejects;
  bool append_rejects = false;

  std::filesystem::path write(const std::string& name, const std::string& content) {
    const std::filesystem::path path = folder.path() / name;
    File file = File::create(path);
    file.write_all(content);
    rejects = path.string() + ".rejects.jsonl";
    return path;
  }
  ingest::ImportTotals load(const std::filesystem::path& path) {
    ingest::StoreTarget target(store);
    return load_into(target, path);
  }
  ingest::ImportTotals load_into(ingest::ImportTarget& target, const std::filesystem::path& path) {
    std::vector<ingest::ImportPlan> plans{ingest::plan_import(path, {}, nullptr, clock.now())};
    plans[0].rejects = rejects;
    plans[0].append_rejects = append_rejects;
    return ingest::import_files(plans, target, nullptr,
                                std::make_shared<const ingest::Rules>(config), clock, options);
  }
  Error failure(const std::filesystem::path& path) {
    try {
      load(path);
    } catch (const Error& error) {
      return error;
    }
    FAIL("no error");
    return Error(ErrorCode::internal, "");
  }
  std::vector<std::string> rejected_lines() const {
    std::vector<std::string> all;
    std::string text = read_file(rejects);
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      all.push_back(text.substr(0, end));
      text.erase(0, end + 1);
    }
    return all;
  }
};

// One field of a line of the rejects file; the line must be JSON.
std::string field(const std::string& json, const std::string& name) {
  simdjson::dom::parser parser;
  const simdjson::dom::element element = parser.parse(json)[name];
  if (element.is_string()) return std::string(std::string_view(element));
  return simdjson::to_string(element);
}

}  // namespace

TEST_CASE("import: plain, gzip and zstd files give the same records", "[ingest]") {
  Fixture f;
  const std::string text = lines(0, 5000);
  std::string content;
  SECTION("plain") { content = text; }
  SECTION("gzip") { content = gzip(text); }
  SECTION("gzip members one after the other") {
    content = gzip(lines(0, 1234)) + gzip(lines(1234, 5000));
  }
  SECTION("zstd") { content = zstd(text); }
  f.options.chunk_bytes = 10'000;  // smaller than the largest record: pieces follow that
  const auto path = f.write("app.jsonl", content);
  const ingest::ImportTotals totals = f.load(path);
  CHECK(totals.lines == 5000);
  CHECK(totals.stored == 5000);
  CHECK(totals.duplicates == 0);
  CHECK(totals.rejected == 0);
  CHECK(totals.bytes == text.size());
  CHECK(totals.read_bytes == content.size());
  const std::vector<std::string> messages = f.store.messages();
  REQUIRE(messages.size() == 5000);
  CHECK(messages[0] == "number 0");
  CHECK(messages[4999] == "number 4999");
  CHECK_FALSE(std::filesystem::exists(f.rejects));
}

TEST_CASE("import: pieces are cut at line ends and parsed in order", "[ingest]") {
  Fixture f;
  f.config.ingest.max_record_bytes = 200;
  f.options.chunk_bytes = GENERATE(1, 333, 1000, 100'000);
  std::string text = "\n" + lines(0, 300) + "\r\n\n" + lines(300, 500) + line(500);
  std::vector<std::uint64_t> seen;
  f.options.progress = [&](const ingest::ImportTotals& totals) { seen.push_back(totals.stored); };
  const ingest::ImportTotals totals = f.load(f.write("app.jsonl", text));
  CHECK(totals.stored == 501);
  CHECK(totals.bytes == text.size());
  CHECK(totals.read_bytes == text.size());
  CHECK(seen.back() == 501);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(seen.size() == f.store.append_sizes().size() + 1);  // and the end of the file
  CHECK(f.store.messages()[300] == "number 300");
}

TEST_CASE("import: loading a file twice adds nothing", "[ingest]") {
  Fixture f;
  const auto path = f.write("app.jsonl", lines(0, 100));
  CHECK(f.load(path).stored == 100);
  const ingest::ImportTotals again = f.load(path);
  CHECK(again.stored == 0);
  CHECK(again.duplicates == 100);
  CHECK(again.lines == 100);
}

TEST_CASE("import: a bad line costs no good one and is kept with its number", "[ingest]") {
  Fixture f;
  f.config.ingest.max_record_bytes = 200;
  f.options.chunk_bytes = GENERATE(250, 1'000'000);
  f.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.message == "number 7") return Outcome::rejected;
    return std::nullopt;
  });
  const std::string text =
      lines(0, 3) + "not JSON\r\n" + "\n" + line(6) + "\n" + line(7) + "\n" + R"({"host":"a\"b"})";
  const ingest::ImportTotals totals = f.load(f.write("app.jsonl", text));
  CHECK(totals.lines == 7);
  CHECK(totals.stored == 4);
  CHECK(totals.rejected == 3);
  const std::vector<std::string> rejects = f.rejected_lines();
  REQUIRE(rejects.size() == 3);
  CHECK(field(rejects[0], "line") == "4");
  CHECK(field(rejects[0], "reason") == "malformed");
  CHECK(field(rejects[0], "raw") == "not JSON");
  CHECK(field(rejects[0], "file").ends_with("app.jsonl"));
  CHECK(field(rejects[1], "line") == "7");
  CHECK(field(rejects[1], "reason") == "refused_by_store");
  CHECK(field(rejects[1], "message") == "the store dislikes it");
  CHECK(field(rejects[1], "raw") == line(7));
  CHECK(field(rejects[2], "line") == "8");
  CHECK(field(rejects[2], "reason") == "missing_field");
  CHECK(field(rejects[2], "raw") == R"({"host":"a\"b"})");
}

TEST_CASE("import: the rejects file is for its owner only", "[ingest]") {
  Fixture f;
  f.load(f.write("app.jsonl", "bad\n"));
  struct stat status {};
  REQUIRE(::stat(f.rejects.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("import: an older rejects file is replaced, or continued when asked", "[ingest]") {
  Fixture f;
  const auto path = f.write("app.jsonl", "bad\n");
  f.load(path);
  f.load(path);
  CHECK(f.rejected_lines().size() == 1);
  f.append_rejects = true;
  f.load(path);
  CHECK(f.rejected_lines().size() == 2);
}

TEST_CASE("import: rejected text that is not UTF-8 is kept exactly", "[ingest]") {
  Fixture f;
  f.load(f.write("app.jsonl", "{\"message\":\"caf\xE9 \xC3\xA9\xE2\x82\"}\n"));
  const std::vector<std::string> rejects = f.rejected_lines();
  REQUIRE(rejects.size() == 1);
  CHECK(field(rejects[0], "reason") == "invalid_utf8");
  CHECK_THAT(rejects[0], !Catch::Matchers::Contains(R"("raw":)"));
  CHECK(field(rejects[0], "raw_base64url") == "eyJtZXNzYWdlIjoiY2Fm6SDDqeKCIn0");
}

TEST_CASE("import: a line without end is refused, not remembered", "[ingest]") {
  Fixture f;
  f.config.ingest.max_record_bytes = 1000;
  f.options.chunk_bytes = 1000;
  const std::string monster(3'000'000, 'x');
  std::string text = lines(0, 2) + monster + "\n" + lines(2, 4);
  std::uint64_t expected_stored = 4;
  SECTION("in the middle") {}
  SECTION("at the end, without a newline") {
    text = lines(0, 2) + monster;
    expected_stored = 2;
  }
  const ingest::ImportTotals totals = f.load(f.write("app.jsonl", text));
  CHECK(totals.stored == expected_stored);
  CHECK(totals.rejected == 1);
  const std::vector<std::string> rejects = f.rejected_lines();
  REQUIRE(rejects.size() == 1);
  CHECK(field(rejects[0], "line") == "3");
  CHECK(field(rejects[0], "reason") == "too_large");
  CHECK(field(rejects[0], "message") == "found a line of 3000000 bytes, at most 1000 are allowed");
  CHECK(field(rejects[0], "truncated") == "true");
  CHECK(rejects[0].size() < 100'000);
}

TEST_CASE("import: a damaged archive keeps what came before the damage", "[ingest]") {
  Fixture f;
  std::string content = gzip(lines(0, 3000));
  std::string expected;
  SECTION("cut off") {
    content.resize(content.size() * 3 / 4);
    expected = "the compressed data is cut off after " + std::to_string(content.size()) + " bytes";
  }
  SECTION("nothing but a header") {
    content.resize(10);
    expected = "the compressed data is cut off after 10 bytes";
  }
  SECTION("a flipped check sum") {
    content[content.size() - 6] = static_cast<char>(content[content.size() - 6] ^ 1);
    expected = "gzip data is damaged";
  }
  const auto path = f.write("app.jsonl.gz", content);
  ingest::ImportTotals totals;
  f.options.progress = [&](const ingest::ImportTotals& now) { totals = now; };
  const Error error = f.failure(path);
  CHECK(error.code() == ErrorCode::invalid_request);
  CHECK_THAT(error.message(), Catch::Matchers::Contains(path.string() + ": " + expected));
  CHECK_THAT(error.message(), Catch::Matchers::Contains(
                                  fmt::format("until then {} records were stored", totals.stored)));
  CHECK(totals.stored == f.store.total_rows());
  CHECK(totals.rejected == 0);  // the torn line is no record
  if (content.size() > 10) CHECK(totals.stored > 1000);
}

TEST_CASE("import: a failing store ends the load and says how far it came", "[ingest]") {
  Fixture f;
  f.config.ingest.max_record_bytes = 200;
  f.options.chunk_bytes = 1000;
  ErrorCode code = ErrorCode::unavailable;
  std::string reason;
  SECTION("some records could not be committed") {
    f.store.script([](const LogRecord& record) -> std::optional<Outcome> {
      if (record.message == "number 100") return Outcome::failed;
      return std::nullopt;
    });
    reason = "the day could not be committed";
  }
  SECTION("it throws") {
    f.store.script([](const LogRecord& record) -> std::optional<Outcome> {
      if (record.message == "number 100") throw Error(ErrorCode::storage, "disk full");
      return std::nullopt;
    });
    code = ErrorCode::storage;
    reason = "disk full";
  }
  const Error error = f.failure(f.write("app.jsonl", "bad\n" + lines(0, 100'000)));
  CHECK(error.code() == code);
  CHECK_THAT(error.message(), Catch::Matchers::Contains(reason));
  CHECK_THAT(error.message(),
             Catch::Matchers::Contains("were stored, 0 were duplicates, 1 were rejected"));
  CHECK(f.store.total_rows() < 200);
  CHECK(f.rejected_lines().size() == 1);
}

TEST_CASE("import: without a target the records are only checked", "[ingest]") {
  Fixture f;
  const auto path = f.write("app.jsonl", lines(0, 10) + "bad\n");
  ingest::NoTarget target;
  const ingest::ImportTotals totals = f.load_into(target, path);
  CHECK(totals.stored == 10);
  CHECK(totals.rejected == 1);
}

TEST_CASE("import: the batch limit of HTTP does not apply", "[ingest]") {
  Fixture f;
  f.config.ingest.max_batch_records = 10;
  CHECK(f.load(f.write("app.jsonl", lines(0, 100))).stored == 100);
}

TEST_CASE("import: what cannot be read is named", "[ingest]") {
  Fixture f;
  CHECK(f.failure(f.folder.path() / "absent").code() == ErrorCode::not_found);
  CHECK_THAT(f.failure(f.folder.path() / "absent").message(), Catch::Matchers::Contains("absent"));
  CHECK_THAT(f.failure(f.folder.path()).message(), Catch::Matchers::Contains("is a folder"));
  const auto path = f.write("app.jsonl", lines(0, 1));
  f.rejects = path;
  const Error error = f.failure(path);
  CHECK(error.code() == ErrorCode::usage);
  CHECK_THAT(error.message(), Catch::Matchers::Contains("would overwrite their own input"));
  CHECK(read_file(path) == lines(0, 1));
}

TEST_CASE("import: an empty file is no error", "[ingest]") {
  Fixture f;
  const std::string content =
      GENERATE(std::string(), std::string("\n \n"), std::string("\xEF\xBB\xBF"));
  const ingest::ImportTotals totals = f.load(f.write("app.jsonl", content));
  CHECK(totals.lines == 0);
  CHECK(f.store.append_sizes().empty());
}

TEST_CASE("import: a pipe that falls silent hands out its lines", "[ingest]") {
  Fixture f;
  const std::filesystem::path pipe = f.folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] {
    File file(::open(pipe.c_str(), O_WRONLY), pipe);
    file.write_all(lines(0, 3) + "{\"mess");
    f.store.wait_for_calls(1);  // never comes when the import waits for the end
    file.write_all("age\":\"torn in two\"}\n");
  });
  const ingest::ImportTotals totals = f.load(pipe);
  writer.join();
  CHECK(totals.stored == 4);
  CHECK(f.store.messages().back() == "torn in two");
  CHECK(f.store.append_sizes().front() == 3);
}

TEST_CASE("import: a store that fails does not wait for a silent pipe", "[ingest]") {
  Fixture f;
  f.store.fail("gone");
  const std::filesystem::path pipe = f.folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread opener([&] {
    File file(::open(pipe.c_str(), O_WRONLY), pipe);
    file.write_all(lines(0, 3));
    pollfd state{file.fd(), 0, 0};
    ::poll(&state, 1, -1);  // until the reader has gone
  });
  CHECK_THAT(f.failure(pipe).message(), Catch::Matchers::Contains("gone"));
  opener.join();
}
