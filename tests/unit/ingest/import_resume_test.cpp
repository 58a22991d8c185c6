// What an import remembers, and what a later run makes of it.
#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/ingest/import.h"
#include "tests/support/catch.h"
#include "tests/support/deflate.h"
#include "tests/support/fake_imports.h"
#include "tests/support/fake_store.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <fcntl.h>
#include <set>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace logctl;
using Catch::Matchers::Contains;
using ingest::ImportPlan;
using test::gzip;
using State = ImportPlan::State;
using storage::ImportRange;

namespace {

std::string lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) {
    text +=
        fmt::format(R"({{"timestamp":"2026-01-15T10:30:00Z","message":"number {}"}})", i) + "\n";
  }
  return text;
}

struct Fixture {
  test::TempDir folder;
  test::FakeStore store;
  test::FakeImports ledger;
  config::Config config;
  ManualClock clock{from_micros(1'768'500'000'000'000)};  // 2026-01-15T18:00:00Z
  ingest::ImportOptions options;
  ingest::ImportRequest request;

  Fixture() {
    config.ingest.max_record_bytes = 200;
    options.chunk_bytes = 1000;
  }
  std::filesystem::path write(const std::string& content, const std::string& name = "app.jsonl") {
    const std::filesystem::path path = folder.path() / name;
    File file = File::create(path);
    file.write_all(content);
    return path;
  }
  static void append(const std::filesystem::path& path, const std::string& content) {
    File file = File::open_append(path);
    file.write_all(content);
  }
  ImportPlan plan(const std::filesystem::path& path) {
    return ingest::plan_import(path, request, &ledger, clock.now());
  }
  ingest::ImportTotals load(const std::filesystem::path& path) {
    std::vector<ImportPlan> plans{plan(path)};
    if (plans[0].state == State::finished) return {};
    ingest::StoreTarget target(store);
    return ingest::import_files(plans, target, &ledger,
                                std::make_shared<const ingest::Rules>(config), clock, options);
  }
  // As a run that was killed leaves it: everything stored, the ledger behind.
  void load_until_killed(const std::filesystem::path& path, std::vector<ImportRange> known) {
    load(path);
    storage::Import import = ledger.saved().back();
    import.ranges = std::move(known);
    import.finished_at.reset();
    ledger.save(import);
  }
};

ImportRange range(std::uint64_t begin, std::uint64_t end, std::uint64_t lines = 0) {
  return {begin, end, lines, 0, 0, 0};
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> bounds(const std::vector<ImportRange>& all) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> result;
  for (const ImportRange& one : all) result.emplace_back(one.begin, one.end);
  return result;
}

Error conflict(Fixture& f, const std::filesystem::path& path) {
  try {
    f.plan(path);
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error");
  return Error(ErrorCode::internal, "");
}

}  // namespace

TEST_CASE("import plan: ranges join with their neighbours", "[ingest]") {
  std::vector<ImportRange> ranges;
  ingest::add_range(ranges, {10, 20, 1, 1, 0, 0});
  ingest::add_range(ranges, {30, 40, 1, 0, 1, 0});
  ingest::add_range(ranges, {0, 5, 1, 0, 0, 1});
  ingest::add_range(ranges, {50, 50, 9, 9, 9, 9});
  CHECK(bounds(ranges) ==
        std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0, 5}, {10, 20}, {30, 40}});
  ingest::add_range(ranges, {20, 30, 1, 1, 1, 1});
  ingest::add_range(ranges, {5, 10, 1, 0, 0, 0});
  ingest::add_range(ranges, {40, 41, 1, 0, 0, 0});
  REQUIRE(bounds(ranges) == std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0, 41}});
  CHECK(ranges[0].lines == 6);
  CHECK(ranges[0].stored == 2);
  CHECK(ranges[0].duplicates == 2);
  CHECK(ranges[0].rejected == 2);
}

TEST_CASE("import: a finished file is not loaded twice", "[ingest]") {
  Fixture f;
  const auto path = f.write(lines(0, 100));
  CHECK(f.plan(path).state == State::fresh);
  CHECK(f.load(path).stored == 100);
  const storage::Import import = f.ledger.saved().back();
  CHECK(import.finished_at == f.clock.now());
  CHECK(import.tool_version == LOGCTL_VERSION);
  REQUIRE(import.ranges.size() == 1);
  CHECK(import.ranges[0].end == lines(0, 100).size());
  CHECK(import.ranges[0].lines == 100);
  CHECK(import.ranges[0].stored == 100);
  CHECK(f.plan(path).state == State::finished);
  CHECK(f.plan(path).import.id == import.id);

  f.request.tenant = "another";
  CHECK(f.plan(path).state == State::fresh);
}

TEST_CASE("import: --again loads from the start, and adds nothing", "[ingest]") {
  Fixture f;
  const auto path = f.write(lines(0, 100));
  f.load(path);
  f.request.again = true;
  const ingest::ImportTotals totals = f.load(path);
  CHECK(totals.stored == 0);
  CHECK(totals.duplicates == 100);
}

TEST_CASE("import: a run that was killed goes on where it stopped", "[ingest]") {
  Fixture f;
  const std::string text = lines(0, 300);
  const std::uint64_t line = lines(0, 1).size();
  const bool compressed = GENERATE(false, true);
  f.options.jobs = GENERATE(1, 3);
  const auto path = f.write(compressed ? gzip(text) : text);
  // Lines 0 to 9 have one byte less than 10 to 99 have one less than those behind.
  const auto at = [&](std::uint64_t n) {
    return n * line + (n > 10 ? n - 10 : 0) + (n > 100 ? n - 100 : 0);
  };
  SECTION("behind the start") {
    f.load_until_killed(path, {range(0, at(200), 200)});
    const ImportPlan plan = f.plan(path);
    CHECK(plan.state == State::resumed);
    const ingest::ImportTotals totals = f.load(path);
    CHECK(totals.duplicates == 100);
    CHECK(totals.stored == 0);
  }
  SECTION("with gaps") {
    f.load_until_killed(path, {range(at(7), at(100), 93), range(at(150), at(299), 149)});
    const ingest::ImportTotals totals = f.load(path);
    CHECK(totals.duplicates == 7 + 50 + 1);
    CHECK(totals.stored == 0);
  }
  SECTION("up to the end") {
    f.load_until_killed(path, {range(0, at(300), 300)});
    CHECK(f.load(path).lines == 0);
  }
  CHECK(f.store.total_rows() == 300);
  CHECK(f.plan(path).state == State::finished);
  const std::vector<ImportRange> done = f.ledger.saved().back().ranges;
  REQUIRE(done.size() == 1);
  CHECK(done[0].begin == 0);
  CHECK(done[0].end == text.size());
  CHECK(done[0].lines == 300);
}

TEST_CASE("import: line numbers are right behind a gap", "[ingest]") {
  Fixture f;
  const std::string text = lines(0, 10) + "\nbad\n" + lines(0, 10) + "worse\n";
  const auto path = f.write(text);
  f.load_until_killed(path, {range(0, lines(0, 10).size() + 1, 11)});
  std::vector<std::uint64_t> numbers;
  f.options.rejected = [&](const ImportPlan&, std::uint64_t line, const Rejection&) {
    numbers.push_back(line);
  };
  f.load(path);
  CHECK(numbers == std::vector<std::uint64_t>{12, 23});
}

TEST_CASE("import: a failing store leaves the ledger with what is stored", "[ingest]") {
  Fixture f;
  const auto path = f.write(lines(0, 300));
  f.options.jobs = GENERATE(1, 2);
  f.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.message == "number 250") return Outcome::failed;
    return std::nullopt;
  });
  CHECK_THROWS_AS(f.load(path), Error);
  const std::vector<ImportRange> done = f.ledger.saved().back().ranges;
  REQUIRE_FALSE(done.empty());
  CHECK_FALSE(f.ledger.saved().back().finished_at);
  f.store.script({});
  const ingest::ImportTotals totals = f.load(path);
  CHECK(f.store.total_rows() == 300);
  CHECK(totals.lines < 300);
}

TEST_CASE("import: a grown file goes on behind what is loaded", "[ingest]") {
  Fixture f;
  const auto path = f.write(lines(0, 100));
  f.load(path);
  const std::string id = f.ledger.saved().back().id;
  Fixture::append(path, lines(100, 130));
  CHECK(f.plan(path).state == State::grown);
  const ingest::ImportTotals totals = f.load(path);
  CHECK(totals.stored == 30);
  CHECK(totals.duplicates == 0);
  CHECK(f.ledger.saved().back().id == id);
  CHECK(f.plan(path).state == State::finished);
}

TEST_CASE("import: a torn last line is loaded when it is whole", "[ingest]") {
  Fixture f;
  const std::string text = lines(0, 100);
  SECTION("in the middle") {
    const auto path = f.write(text.substr(0, text.size() - 10));
    CHECK(f.load(path).rejected == 1);
    Fixture::append(path, text.substr(text.size() - 10) + lines(100, 110));
    CHECK(f.load(path).stored == 11);
  }
  SECTION("before its newline") {
    const auto path = f.write(text.substr(0, text.size() - 1));
    CHECK(f.load(path).stored == 100);
    CHECK(f.plan(path).state == State::finished);
    Fixture::append(path, "\n" + lines(100, 110));
    const ingest::ImportTotals totals = f.load(path);
    CHECK(totals.stored == 10);
    CHECK(totals.duplicates == 1);
  }
}

TEST_CASE("import: a file that changed is a new import, or a conflict under the same name",
          "[ingest]") {
  Fixture f;
  f.request.id = GENERATE("", "mine");
  const auto path = f.write(lines(0, 100));
  f.load(path);
  const std::string id = f.ledger.saved().back().id;
  f.write(lines(100, 200));
  if (f.request.id.empty()) {
    CHECK(f.plan(path).state == State::changed);
    CHECK(f.plan(path).import.id != id);
    CHECK(f.load(path).stored == 100);
  } else {
    const Error error = conflict(f, path);
    CHECK(error.code() == ErrorCode::conflict);
    CHECK_THAT(error.message(), Contains("import 'mine'") && Contains("its start differs"));
    CHECK_THAT(error.hint(), Contains("--again"));
    f.request.again = true;
    CHECK(f.load(path).stored == 100);
    f.request.again = false;
    CHECK(f.plan(path).state == State::finished);
  }
}

TEST_CASE("import: equal lines of one file are records of their own, in every run", "[ingest]") {
  Fixture f;
  std::string text;
  for (int i = 0; i < 50; ++i) text += lines(1, 2);
  const auto path = f.write(text);
  CHECK(f.load(path).stored == 50);
  f.request.again = true;
  CHECK(f.load(path).duplicates == 50);
}

TEST_CASE("import: a stream is resumed by name, when it begins as before", "[ingest]") {
  Fixture f;
  const std::filesystem::path pipe = f.folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const auto load = [&](const std::string& text) {
    std::thread writer([&] {
      File file(::open(pipe.c_str(), O_WRONLY), pipe);
      try {
        file.write_all(text);
      } catch (const Error&) {
        // The reader had seen enough.
      }
    });
    std::optional<Error> error;
    ingest::ImportTotals totals;
    try {
      totals = f.load(pipe);
    } catch (const Error& thrown) {
      error = thrown;
    }
    writer.join();
    if (error) throw *error;
    return totals;
  };
  SECTION("without an id nothing is remembered") {
    CHECK(load(lines(0, 100)).stored == 100);
    CHECK(f.ledger.saved().empty());
  }
  SECTION("with an id") {
    f.request.id = "nightly";
    CHECK(load(lines(0, 100)).stored == 100);
    const ingest::ImportTotals totals = load(lines(0, 130));
    CHECK(totals.stored == 30);
    CHECK(totals.duplicates == 0);
    CHECK_THROWS_WITH(load(lines(5, 200)), Contains("begins with another line"));
    CHECK_THROWS_WITH(load(lines(0, 50)), Contains("shorter"));
  }
}

TEST_CASE("import: more rejects than are allowed end it", "[ingest]") {
  Fixture f;
  f.options.max_rejects = 3;
  const auto path = f.write(lines(0, 10) + "a\nb\nc\n" + lines(10, 200) + "d\n" + lines(200, 210));
  try {
    f.load(path);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(info(error.code()).exit_status == 1);
    CHECK_THAT(error.message(), Contains("4 records were rejected, more than the 3"));
  }
  f.options.max_rejects = 4;
  f.load(path);
  CHECK(f.store.total_rows() == 210);
}

TEST_CASE("import: many jobs load every record of many files once", "[ingest]") {
  Fixture f;
  f.options.jobs = 4;
  f.options.batch_rows = 7;
  std::vector<ImportPlan> plans;
  for (int i = 0; i < 20; ++i) {
    plans.push_back(f.plan(f.write(lines(i * 100, i * 100 + 100), fmt::format("{}.jsonl", i))));
  }
  std::vector<std::string> order;
  f.options.file_done = [&](const ImportPlan& plan, const ingest::ImportTotals& totals) {
    CHECK(totals.stored == 100);
    order.push_back(plan.path.filename().string());
  };
  test::FakeStore& store = f.store;
  struct Parallel final : ingest::ImportTarget {
    explicit Parallel(storage::LogStore& store) : target(store) {}
    storage::AppendResult append(const Batch& batch) override { return target.append(batch); }
    std::size_t parallel_appends() const override { return 3; }
    ingest::StoreTarget target;
  } target(store);
  const auto totals =
      ingest::import_files(plans, target, &f.ledger,
                           std::make_shared<const ingest::Rules>(f.config), f.clock, f.options);
  CHECK(totals.stored == 2000);
  const std::vector<std::size_t> sizes = store.append_sizes();
  CHECK(*std::ranges::max_element(sizes) <= 7);
  REQUIRE(order.size() == 20);
  CHECK(order.front() == "0.jsonl");
  CHECK(order.back() == "19.jsonl");
  const std::vector<std::string> messages = store.messages();
  CHECK(std::set(messages.begin(), messages.end()).size() == 2000);
}
