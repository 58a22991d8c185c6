#include "shared/migrations/runner.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <memory>
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

  std::string_view migration_set() const override { return "sqlite-day"; }
  std::vector<storage::LedgerRow> ledger() override { return rows; }
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
    void revert(std::string_view sql, std::int64_t version) override {
      store_.ran.emplace_back(sql);
      std::erase_if(store_.rows, [&](const auto& row) { return row.version == version; });
    }

   private:
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

TEST_CASE("migrations: every set of this binary is whole", "[migrations]") {
  for (const char* set : {"sqlite", "sqlite-day"}) CHECK_FALSE(steps_of(set).empty());
}
