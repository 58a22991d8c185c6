#include "shared/migrations/runner.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::migrations;
using Catch::Matchers::Contains;

namespace {

// A ledger in memory that records what it was asked to run.
class FakeStore final : public storage::SchemaStore {
 public:
  std::vector<storage::LedgerRow> rows;
  std::vector<std::string> ran;
  int locks = 0;

  std::optional<storage::JournalRow> half_done;
  std::string fails_on;  // part of a statement

  std::string_view migration_set() const override { return "sqlite-day"; }
  std::vector<storage::LedgerRow> ledger() override { return rows; }
  std::optional<storage::JournalRow> journal() override { return half_done; }
  std::vector<storage::SchemaObject> objects() override { return {}; }
  std::vector<storage::SchemaObject> objects_of(std::span<const std::string_view>) override {
    return {};
  }
  std::optional<std::uint64_t> rows_of(std::string_view, std::uint64_t) override {
    return std::nullopt;
  }
  std::optional<storage::LockHolder> lock_holder() override { return std::nullopt; }
  std::unique_ptr<Lock> lock(microseconds) override {
    ++locks;
    return std::make_unique<FakeLock>(*this);
  }

 private:
  class FakeLock final : public Lock {
   public:
    explicit FakeLock(FakeStore& store) : store_(store) {}
    void apply(std::string_view sql, const storage::LedgerRow& row) override {
      store_.ran.emplace_back(sql);
      store_.rows.push_back(row);
    }
    void revert(std::string_view sql, std::int64_t version, std::string_view) override {
      store_.ran.emplace_back(sql);
      remove(version);
    }
    void execute(std::string_view statement) override {
      store_.ran.emplace_back(statement);
      if (!store_.fails_on.empty() && statement.find(store_.fails_on) != statement.npos) {
        throw Error(ErrorCode::disk_full, "the disk is full");
      }
    }
    void begin(const storage::JournalRow& row) override { store_.half_done = row; }
    void end(std::int64_t version, const std::optional<storage::LedgerRow>& row) override {
      store_.half_done.reset();
      remove(version);
      if (row) store_.rows.push_back(*row);
    }
    void record(std::span<const storage::LedgerRow> rows) override {
      for (const auto& row : rows) store_.rows.push_back(row);
    }

   private:
    void remove(std::int64_t version) {
      std::erase_if(store_.rows, [&](const auto& row) { return row.version == version; });
    }

    FakeStore& store_;
  };
};

const ManualClock kClock(from_micros(1'700'000'000'000'000));

int up_all(FakeStore& store) { return up(store, std::nullopt, seconds(1), kClock); }

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  return Error(ErrorCode::internal, "");
}

using Files = std::vector<storage::EmbeddedFile>;

// Two steps; the second runs outside a transaction, in both directions.
const Files kTwoSteps = {
    {"s", "0001_a.up.sql", "CREATE a;"},
    {"s", "0001_a.down.sql", "DROP a;"},
    {"s", "0002_b.up.sql", "-- logctl:no-transaction\n-- why\none; two; three;\n"},
    {"s", "0002_b.down.sql", "-- logctl:no-transaction\nnot one; not two;"},
};

struct Half {
  FakeStore store;
  std::vector<Step> steps = steps_of("s", kTwoSteps);
  Runner runner{store, steps, seconds(1), kClock};
  using Statements = std::vector<std::string>;

  // Applies until the statement fails.
  Error interrupt(const std::string& statement) {
    store.fails_on = statement;
    Error error = error_of([&] { runner.up(); });
    store.fails_on.clear();
    return error;
  }
};

}  // namespace

TEST_CASE("migrations: up applies what is pending once, with digest, time and version",
          "[migrations]") {
  FakeStore store;
  const std::vector<Step> steps = steps_of("sqlite-day");
  std::vector<std::string> seen;
  const Progress progress = [&](std::string_view verb, const Step& step) {
    seen.push_back(std::string(verb) + " " + step.name);
  };
  CHECK(status(store).pending());
  CHECK(up(store, std::nullopt, seconds(1), kClock, progress) == static_cast<int>(steps.size()));
  REQUIRE(store.rows.size() == steps.size());
  CHECK(store.ran.front() == steps.front().up);
  CHECK(store.rows.front().sha256 == steps.front().sha256);
  CHECK(store.rows.front().sha256.size() == 64);
  CHECK(store.rows.front().applied_at == kClock.now());
  CHECK(store.rows.front().tool_version == LOGCTL_VERSION);
  CHECK(seen.front() == "apply logs");
  CHECK_FALSE(status(store).pending());
  CHECK_NOTHROW(require_current(store));

  CHECK(up_all(store) == 0);
  CHECK(store.locks == 1);  // a current store is not locked again
}

TEST_CASE("migrations: down reverts newest first and leaves the store empty", "[migrations]") {
  FakeStore store;
  up_all(store);
  store.ran.clear();
  const std::vector<Step> steps = steps_of("sqlite-day");
  CHECK(down(store, 0, seconds(1)) == static_cast<int>(steps.size()));
  CHECK(store.rows.empty());
  CHECK(store.ran.front() == steps.back().down);
  CHECK(down(store, 0, seconds(1)) == 0);
}

TEST_CASE("migrations: an applied step with other text is drift and nothing runs", "[migrations]") {
  FakeStore store;
  up_all(store);
  store.ran.clear();
  store.rows.front().sha256 = std::string(64, '0');
  CHECK(status(store).rows.front().state == State::changed);
  for (const std::function<void()>& action :
       {std::function<void()>([&] { up_all(store); }),
        std::function<void()>([&] { down(store, 0, seconds(1)); }),
        std::function<void()>([&] { require_current(store); })}) {
    const Error error = error_of(action);
    CHECK(error.code() == ErrorCode::drift);
    CHECK_THAT(error.message(), Contains("step 1 'logs' was applied with other text"));
  }
  CHECK(store.ran.empty());
}

TEST_CASE("migrations: a store newer than the binary is refused", "[migrations]") {
  FakeStore store;
  up_all(store);
  store.ran.clear();
  store.rows.push_back({999, "from the future", std::string(64, 'f'), kClock.now(), {}, "9.9.9"});
  const Status now = status(store);
  CHECK(now.newer_than_binary());
  CHECK(now.rows.back().state == State::unknown);
  CHECK(now.rows.back().name == "from the future");
  const Error error = error_of([&] { up_all(store); });
  CHECK(error.code() == ErrorCode::drift);
  CHECK_THAT(error.message(), Contains("the store is at version 999"));
  CHECK_THAT(error.hint(), Contains("newer logctl"));
  CHECK(error_of([&] { require_current(store); }).code() == ErrorCode::drift);
  CHECK(error_of([&] { down(store, 0, seconds(1)); }).code() == ErrorCode::drift);
  CHECK(store.ran.empty());
}

TEST_CASE("migrations: a pending store is refused with the command to run", "[migrations]") {
  FakeStore store;
  const Error error = error_of([&] { require_current(store); });
  CHECK(error.code() == ErrorCode::drift);
  CHECK_THAT(error.message(), Contains("is at version 0"));
  CHECK(error.hint() == "run `logctl migrate up`");
}

TEST_CASE("migrations: a version that does not exist is a usage error", "[migrations]") {
  FakeStore store;
  CHECK(error_of([&] { up(store, 1000, seconds(1), kClock); }).code() == ErrorCode::usage);
  CHECK(error_of([&] { down(store, -1, seconds(1)); }).code() == ErrorCode::usage);
  CHECK(up(store, 0, seconds(1), kClock) == 0);
  CHECK(store.ran.empty());
}

TEST_CASE("migrations: files that do not make whole steps are refused", "[migrations]") {
  struct Row {
    Files files;
    std::string expected;
  };
  const std::vector<Row> rows = {
      {{{"s", "0001_a.up.sql", "x"},
        {"s", "0001_a.down.sql", "y"},
        {"s", "0003_c.up.sql", "x"},
        {"s", "0003_c.down.sql", "y"}},
       "migrations/s: there is no step 2"},
      {{{"s", "0002_a.up.sql", "x"}, {"s", "0002_a.down.sql", "y"}}, "there is no step 1"},
      {{{"s", "0001_a.up.sql", "x"}}, "step 1 'a' has no .down.sql"},
      {{{"s", "0001_a.down.sql", "x"}}, "step 1 'a' has no .up.sql"},
      {{{"s", "0001_a.up.sql", "x"}, {"s", "0001_b.down.sql", "x"}},
       "version 1 is both 'a' and 'b'"},
      {{{"s", "1_a.up.sql", "x"}}, "'1_a.up.sql' is not named NNNN_name.up.sql"},
      {{{"s", "0001_a.sql", "x"}}, "ends neither in .up.sql nor in .down.sql"},
  };
  for (const Row& row : rows) {
    const Error error = error_of([&] { steps_of("s", row.files); });
    CHECK(error.code() == ErrorCode::internal);
    CHECK_THAT(error.message(), Contains(row.expected));
  }
  CHECK(steps_of("other", rows.front().files).empty());
}

TEST_CASE("migrations: a step outside a transaction runs statement by statement", "[migrations]") {
  Half half;
  CHECK(half.runner.up() == 2);
  CHECK(half.store.ran == Half::Statements{"CREATE a;", "one", "two", "three"});
  CHECK_FALSE(half.store.half_done);
  CHECK_FALSE(status(half.store, half.steps).pending());
}

TEST_CASE("migrations: a half-done step is named, and up goes on where it stopped",
          "[migrations]") {
  Half half;
  const Error error = half.interrupt("two");
  CHECK(error.code() == ErrorCode::disk_full);
  CHECK_THAT(error.message(), Contains("apply step 2 'b': statement 2 of 3: the disk is full"));
  CHECK_THAT(error.hint(), Contains("goes on with this statement") &&
                               Contains("`logctl migrate repair`"));

  const Status now = status(half.store, half.steps);
  CHECK(now.current == 1);
  CHECK(now.pending());
  REQUIRE(now.half_done);
  CHECK(now.rows[1].state == State::half_done);
  const std::string words = describe(*now.half_done, half.steps);
  CHECK_THAT(words, Contains("1 of 3 statements are done, next is `two`"));
  CHECK_THAT(words, Contains("begun by process ") && Contains("ended by: the disk is full"));

  half.store.ran.clear();
  CHECK(half.runner.up() == 1);
  CHECK(half.store.ran == Half::Statements{"two", "three"});
  CHECK_FALSE(status(half.store, half.steps).pending());
}

TEST_CASE("migrations: a half-done step whose text changed is drift", "[migrations]") {
  Half half;
  half.interrupt("three");
  half.store.half_done->sha256 = std::string(64, '0');
  CHECK(status(half.store, half.steps).rows[1].state == State::changed);
  const Error error = error_of([&] { half.runner.up(); });
  CHECK(error.code() == ErrorCode::drift);
  CHECK_THAT(error.message(), Contains("step 2 'b' was begun with other text"));
  CHECK_THAT(error.hint(), Contains("`logctl migrate repair`"));
}

TEST_CASE("migrations: down takes back a half-done step from its beginning", "[migrations]") {
  Half half;
  half.interrupt("three");
  half.store.ran.clear();
  CHECK(half.runner.down(0) == 2);
  CHECK(half.store.ran == Half::Statements{"not one", "not two", "DROP a;"});
  CHECK(half.store.rows.empty());
  CHECK_FALSE(half.store.half_done);
}

TEST_CASE("migrations: a step that was half reverted is reverted or applied again",
          "[migrations]") {
  for (const bool up : {false, true}) {
    Half half;
    half.runner.up();
    half.store.fails_on = "not two";
    CHECK_THROWS_AS(half.runner.down(0), Error);
    half.store.fails_on.clear();
    CHECK(status(half.store, half.steps).rows[1].state == State::half_done);
    half.store.ran.clear();
    if (up) {
      CHECK(half.runner.up() == 1);
      CHECK(half.store.ran == Half::Statements{"one", "two", "three"});
      CHECK(status(half.store, half.steps).current == 2);
    } else {
      CHECK(half.runner.down(1) == 1);
      CHECK(half.store.ran == Half::Statements{"not two"});
      CHECK(status(half.store, half.steps).current == 1);
    }
    CHECK_FALSE(half.store.half_done);
  }
}

TEST_CASE("migrations: steps of day files are in a transaction", "[migrations]") {
  const Files files = {{"sqlite-day", "0001_a.up.sql", "-- logctl:no-transaction\nx"},
                       {"sqlite-day", "0001_a.down.sql", "y"}};
  CHECK_THAT(error_of([&] { steps_of("sqlite-day", files); }).message(),
             Contains("cannot be outside a transaction"));
}

TEST_CASE("migrations: every set of this binary is whole", "[migrations]") {
  for (const char* set : {"postgres", "sqlite", "sqlite-day"}) CHECK_FALSE(steps_of(set).empty());
}
