#include "shared/ingest/committer.h"

#include "tests/support/batches.h"
#include "tests/support/catch.h"
#include "tests/support/fake_store.h"
#include "tests/support/kept_letters.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using test::make_batch;

namespace {

struct Fixture {
  test::TempDir folder;
  config::Config config = quiet(folder);
  metrics::Observer observer{config};
  test::FakeStore store;
  ingest::DeadLetters letters{config, system_clock(), observer};
  test::Receipts receipts;

  static config::Config quiet(const test::TempDir& folder) {
    config::Config config;
    config.log.level = "error";
    config.storage.data_dir = folder.path();
    return config;
  }
  std::vector<ingest::DeadLetter> kept() {
    letters.sync();
    return test::kept_letters(config);
  }
  // Submits one batch and waits until the writer is inside append() with it.
  void occupy(ingest::Committer& committer) {
    store.hold();
    REQUIRE(committer.submit(make_batch({"first"}), receipts.taker()) == Push::ok);
    store.wait_for_calls(1);
  }
};

}  // namespace

TEST_CASE("committer: requests that wait share one transaction", "[ingest]") {
  Fixture f;
  ingest::Committer committer(f.store, f.observer, f.config.batch, "test", f.letters);
  f.occupy(committer);
  for (int i = 0; i < 50; ++i) {
    const std::string id = std::to_string(i);
    REQUIRE(committer.submit(make_batch({id + "a", id + "b"}), f.receipts.taker()) == Push::ok);
  }
  CHECK(committer.waiting() == 50);
  CHECK(committer.waiting_bytes() > 0);
  CHECK(f.receipts.count() == 0);
  f.store.release();
  const std::vector<Receipt> receipts = f.receipts.wait_for(51);
  CHECK(f.store.append_sizes() == std::vector<std::size_t>{1, 100});
  for (std::size_t i = 1; i < receipts.size(); ++i) {
    CHECK(receipts[i].received == 2);
    CHECK(receipts[i].stored == 2);
    CHECK_FALSE(receipts[i].failed);
  }
  CHECK(committer.waiting() == 0);
  CHECK(committer.waiting_bytes() == 0);
}

TEST_CASE("committer: a transaction stays within batch.size and batch.max_bytes", "[ingest]") {
  Fixture f;
  config::BatchLimits limits;
  SECTION("records") { limits.size = 4; }
  SECTION("bytes") { limits.max_bytes = make_batch({"x", "y"}).cost() * 5 / 2; }
  ingest::Committer committer(f.store, f.observer, limits, "test", f.letters);
  f.occupy(committer);
  for (int i = 0; i < 6; ++i) {
    const std::string id = std::to_string(i);
    REQUIRE(committer.submit(make_batch({id + "a", id + "b"}), f.receipts.taker()) == Push::ok);
  }
  f.store.release();
  f.receipts.wait_for(7);
  CHECK(f.store.append_sizes() == std::vector<std::size_t>{1, 4, 4, 4});
}

TEST_CASE("committer: a batch over the limits is written alone and whole", "[ingest]") {
  Fixture f;
  config::BatchLimits limits;
  limits.size = 2;
  limits.queue_bytes = 1;
  ingest::Committer committer(f.store, f.observer, limits, "test", f.letters);
  REQUIRE(committer.submit(make_batch({"a", "b", "c"}), f.receipts.taker()) == Push::ok);
  CHECK(f.receipts.wait_for(1).front().stored == 3);
  CHECK(f.store.append_sizes() == std::vector<std::size_t>{3});
}

TEST_CASE("committer: each batch gets its own share of the outcomes", "[ingest]") {
  Fixture f;
  f.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.event_id.starts_with("bad")) return Outcome::rejected;
    return std::nullopt;
  });
  ingest::Committer committer(f.store, f.observer, f.config.batch, "test", f.letters);
  f.occupy(committer);
  Receipt first;
  Receipt second;
  std::latch both(2);
  const auto into = [&both](Receipt& target) {
    return [&both, &target](Receipt&& receipt) {
      target = std::move(receipt);
      both.count_down();
    };
  };
  Batch with_rejection = make_batch({"a", "bad", "a"}, {{7, "level", Reason::unknown_value, "no"}});
  with_rejection.records[1].index = 9;
  REQUIRE(committer.submit(std::move(with_rejection), into(first)) == Push::ok);
  REQUIRE(committer.submit(make_batch({"bad2", "b", "a"}), into(second)) == Push::ok);
  f.store.release();
  both.wait();

  CHECK(first.received == 4);
  CHECK(first.stored == 1);
  CHECK(first.duplicates == 1);
  REQUIRE(first.rejections.size() == 2);
  CHECK(first.rejections[0].index == 7);
  CHECK(first.rejections[0].reason == Reason::unknown_value);
  CHECK(first.rejections[1].index == 9);
  CHECK(first.rejections[1].reason == Reason::refused_by_store);
  CHECK(first.rejections[1].message == "the store dislikes it");
  CHECK(second.stored == 1);
  CHECK(second.duplicates == 1);
  REQUIRE(second.rejections.size() == 1);
  CHECK(second.rejections[0].index == 0);

  const metrics::Accounting accounting = f.observer.accounting();
  CHECK(accounting.stored == 3);
  CHECK(accounting.duplicate == 2);
  CHECK(accounting.failed == 0);
}

TEST_CASE("committer: a batch without records is answered at once", "[ingest]") {
  Fixture f;
  ingest::Committer committer(f.store, f.observer, f.config.batch, "test", f.letters);
  REQUIRE(committer.submit(make_batch({}, {{3, "message", Reason::missing_field, "no message"}}),
                           f.receipts.taker()) == Push::ok);
  REQUIRE(f.receipts.count() == 1);
  const Receipt receipt = f.receipts.wait_for(1).front();
  CHECK(receipt.received == 1);
  REQUIRE(receipt.rejections.size() == 1);
  CHECK(receipt.rejections[0].message == "no message");
  CHECK(f.store.append_sizes().empty());
}

TEST_CASE("committer: a full queue takes nothing and calls nobody", "[ingest]") {
  Fixture f;
  config::BatchLimits limits;
  limits.queue_bytes = 1;
  ingest::Committer committer(f.store, f.observer, limits, "test", f.letters);
  f.occupy(committer);
  REQUIRE(committer.submit(make_batch({"waits"}), f.receipts.taker()) == Push::ok);
  Batch refused = make_batch({"a", "b"});
  REQUIRE(committer.submit(std::move(refused), f.receipts.taker()) == Push::full);
  REQUIRE(refused.records.size() == 2);  // the caller still has it
  CHECK(refused.records[1].message == "b");
  f.store.release();
  committer.stop();
  CHECK(f.receipts.count() == 2);
  CHECK(f.store.total_rows() == 2);
}

TEST_CASE("committer: stop commits what waits, and then nothing is taken", "[ingest]") {
  Fixture f;
  ingest::Committer committer(f.store, f.observer, f.config.batch, "test", f.letters);
  f.occupy(committer);
  for (int i = 0; i < 10; ++i) {
    REQUIRE(committer.submit(make_batch({std::to_string(i)}), f.receipts.taker()) == Push::ok);
  }
  f.store.release();
  committer.stop();
  CHECK(f.receipts.count() == 11);
  CHECK(f.store.total_rows() == 11);
  CHECK(committer.submit(make_batch({"late"}), f.receipts.taker()) == Push::closed);
  committer.stop();
  CHECK(f.receipts.count() == 11);
}

TEST_CASE("committer: a failing store loses no answer and the writer goes on", "[ingest]") {
  Fixture f;
  ingest::Committer committer(f.store, f.observer, f.config.batch, "test", f.letters);
  f.store.fail("no route to the database");
  REQUIRE(committer.submit(make_batch({"a", "b"}, {{2, "", Reason::malformed, "not JSON"}}),
                           f.receipts.taker()) == Push::ok);
  const Receipt failed = f.receipts.wait_for(1).front();
  CHECK(failed.failed);
  CHECK(failed.failure == "no route to the database");
  CHECK(failed.stored == 0);
  CHECK(failed.rejections.size() == 1);
  CHECK(f.observer.accounting().failed == 2);

  f.store.fail("");
  REQUIRE(committer.submit(make_batch({"a", "b"}), f.receipts.taker()) == Push::ok);
  const Receipt stored = f.receipts.wait_for(2).back();
  CHECK_FALSE(stored.failed);
  CHECK(stored.stored == 2);
}

TEST_CASE("committer: a part that could not be committed is claimed by nobody", "[ingest]") {
  Fixture f;
  f.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.event_id == "other day") return Outcome::failed;
    return std::nullopt;
  });
  ingest::Committer committer(f.store, f.observer, f.config.batch, "test", f.letters);
  REQUIRE(committer.submit(make_batch({"a", "other day"}), f.receipts.taker()) == Push::ok);
  const Receipt receipt = f.receipts.wait_for(1).front();
  CHECK(receipt.failed);
  CHECK(receipt.failure == "the day could not be committed");
  CHECK(receipt.stored == 1);
}

TEST_CASE("committer: many threads, every batch is answered exactly once", "[ingest]") {
  Fixture f;
  config::BatchLimits limits;
  limits.size = 7;
  limits.queue_bytes = 200'000;
  limits.writers = 3;
  limits.flush_interval = microseconds(200);
  ingest::Committer committer(f.store, f.observer, limits, "test", f.letters);
  constexpr int kThreads = 8;
  constexpr int kBatches = 200;
  std::vector<std::atomic<int>> answers(kThreads * kBatches);
  std::atomic<std::uint64_t> stored = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int b = 0; b < kBatches; ++b) {
        const int number = t * kBatches + b;
        Batch batch = make_batch({std::to_string(number), "x" + std::to_string(number)});
        const auto done = [&, number](Receipt&& receipt) {
          ++answers[static_cast<std::size_t>(number)];
          stored += receipt.stored;
        };
        while (committer.submit(std::move(batch), done) == Push::full) std::this_thread::yield();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  committer.stop();
  CHECK(std::ranges::all_of(answers, [](const auto& count) { return count == 1; }));
  CHECK(stored == 2 * kThreads * kBatches);
  CHECK(f.store.total_rows() == 2 * kThreads * kBatches);
  CHECK(f.observer.accounting().stored == 2 * kThreads * kBatches);
}

TEST_CASE("committer: what the store refuses becomes a dead letter", "[ingest]") {
  Fixture f;
  f.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.event_id == "b" || record.event_id == "d") return Outcome::rejected;
    return std::nullopt;
  });
  ingest::Committer committer(f.store, f.observer, f.config.batch, "test", f.letters);
  REQUIRE(committer.submit(make_batch({"a", "b", "c", "d"}), f.receipts.taker()) == Push::ok);
  f.receipts.wait_for(1);
  const std::vector<ingest::DeadLetter> kept = f.kept();
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].index == 1U);
  CHECK(kept[1].index == 3U);
  CHECK(kept[0].source == "store");
  CHECK(kept[0].reason == "refused_by_store");
  CHECK(kept[0].message == "the store dislikes it");
  CHECK_THAT(kept[0].raw, Catch::Matchers::Contains(R"("event_id":"b")"));
}

TEST_CASE("committer: rejections are in the books, with records and without", "[ingest]") {
  Fixture f;
  const Rejection malformed{1, "", Reason::malformed, "no JSON"};
  const Rejection too_long{2, "message", Reason::too_long, "too long"};
  ingest::Committer committer(f.store, f.observer, f.config.batch, "test", f.letters);
  REQUIRE(committer.submit(make_batch({"a"}, {malformed, too_long}), f.receipts.taker()) ==
          Push::ok);
  f.receipts.wait_for(1);
  using Accounts = std::vector<storage::Account>;
  const Accounts first = {{"test", "default", "received", 3},
                          {"test", "default", "rejected:malformed", 1},
                          {"test", "default", "rejected:too_long", 1},
                          {"test", "default", "stored", 1}};
  CHECK(f.store.accounts() == first);

  REQUIRE(committer.submit(make_batch({}, {malformed}), f.receipts.taker()) == Push::ok);
  CHECK(f.store.accounts() == first);
  f.store.fail("away");
  CHECK_THROWS_AS(committer.flush_counts(), Error);
  f.store.fail("");
  committer.flush_counts();
  committer.flush_counts();
  const Accounts second = {{"test", "default", "received", 4},
                           {"test", "default", "rejected:malformed", 2},
                           {"test", "default", "rejected:too_long", 1},
                           {"test", "default", "stored", 1}};
  CHECK(f.store.accounts() == second);

  REQUIRE(committer.submit(make_batch({}, {malformed}), f.receipts.taker()) == Push::ok);
  committer.stop();
  CHECK(f.store.accounts()[1].count == 3);
}

TEST_CASE("committer: a commit that failed leaves the books as they were", "[ingest]") {
  Fixture f;
  ingest::Committer committer(f.store, f.observer, f.config.batch, "test", f.letters);
  const Rejection malformed{1, "", Reason::malformed, "no JSON"};
  REQUIRE(committer.submit(make_batch({}, {malformed}), f.receipts.taker()) == Push::ok);
  f.store.fail("away");
  REQUIRE(committer.submit(make_batch({"a"}, {malformed}), f.receipts.taker()) == Push::ok);
  CHECK(f.receipts.wait_for(2).back().failed);
  CHECK(f.store.accounts().empty());
  f.store.fail("");
  committer.stop();  // the earlier one was answered, its count is still owed
  CHECK(f.store.accounts() ==
        std::vector<storage::Account>{{"test", "default", "received", 1},
                                      {"test", "default", "rejected:malformed", 1}});
}
