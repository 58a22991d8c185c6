#include "service/durable_queue.h"

#include "service/accounting_view.h"
#include "shared/base/error.h"
#include "tests/support/batches.h"
#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/support/fake_store.h"
#include "tests/support/kept_letters.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using Catch::Matchers::Contains;
using test::eventually;
using test::make_batch;

namespace {

struct BooksStore : test::FakeStore {
  storage::Balances balances() override {
    if (books_away) throw Error(ErrorCode::unavailable, "away");
    return FakeStore::balances();
  }
  std::atomic<bool> books_away = false;
};

// A daemon's queue on a real disk, in front of a store in memory.
struct World {
  World() { open(); }
  ~World() {
    store.release();
    queue.reset();
  }
  void open() {
    queue.reset();
    queue =
        std::make_unique<DurableQueue>(config, store, letters, observer, clock, "daemon", nullptr);
  }
  Receipt send(Batch batch) {
    const std::size_t before = receipts.count();
    REQUIRE(queue->intake().submit(std::move(batch), receipts.taker()) == Push::ok);
    return receipts.wait_for(before + 1).back();
  }
  bool drained() {
    return eventually([this] { return queue->state().spool.bytes == 0; });
  }
  static config::Config small(const test::TempDir& folder) {
    config::Config config;
    config.log.level = "error";
    config.storage.data_dir = folder.path();
    config.spool.segment_bytes = 64 * 1024;
    config.spool.max_bytes = 256 << 20;
    config.spool.min_free = 0;
    config.batch.size = 50;
    return config;
  }

  test::TempDir folder;
  config::Config config = small(folder);
  ManualClock clock{from_micros(1'768'000'000'000'000)};
  metrics::Observer observer{config};
  BooksStore store;
  ingest::DeadLetters letters{config, clock, observer};
  test::Receipts receipts;
  std::unique_ptr<DurableQueue> queue;
};

}  // namespace

TEST_CASE("durable queue: many senders, a store that fails, and not a record too few or too many",
          "[ingest][spool]") {
  World w;
  AccountingView books(w.store, w.observer, [&] { return w.queue->waiting(); });
  constexpr int kThreads = 4;
  constexpr int kRequests = 100;
  std::atomic<std::uint64_t> acknowledged = 0;
  std::atomic<std::uint64_t> duplicates = 0;
  std::atomic<int> answers = 0;
  std::vector<std::thread> senders;
  for (int t = 0; t < kThreads; ++t) {
    senders.emplace_back([&, t] {
      for (int i = 0; i < kRequests; ++i) {
        const int number = t * kRequests + i;
        // One record of each request is everybody's.
        Batch batch = make_batch({std::to_string(number), "shared " + std::to_string(i)},
                                 {{2, "", Reason::malformed, "no"}});
        const auto done = [&](Receipt&& receipt) {
          acknowledged += receipt.stored;
          duplicates += receipt.duplicates;
          ++answers;
        };
        while (w.queue->intake().submit(std::move(batch), done) == Push::full) {
          std::this_thread::yield();
        }
        if (number == 150) w.store.lose_answers(2);
        if (number == 50) w.store.fail("away");
        if (number == 350) w.store.fail("");
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  w.store.fail("");
  REQUIRE(eventually([&] { return answers == kThreads * kRequests; }));
  REQUIRE(w.drained());
  w.queue->intake().stop();

  CHECK(acknowledged == (kThreads + 1) * kRequests);
  CHECK(duplicates == (kThreads - 1) * kRequests);
  CHECK(w.store.total_rows() == acknowledged);
  books.refresh();
  const ingest::Accounting sums = ingest::total(books.sums().tenants);
  CHECK(sums.received == 3 * kThreads * kRequests);
  CHECK(sums.stored == acknowledged);
  CHECK(sums.duplicate == duplicates);
  CHECK(sums.rejected_total() == kThreads * kRequests);
  CHECK(sums.spooled == 0);
  CHECK(sums.difference() == 0);
}

TEST_CASE("durable queue: tells what waits, since when, and why", "[ingest][spool]") {
  World w;
  CHECK(eventually([&] { return w.queue->state().counted; }));
  CHECK(describe(w.queue->state()) == "all records are in the store");
  w.store.fail("no route to the database");
  CHECK(w.send(make_batch({"a", "b"}, {}, "acme")).stored == 2);
  w.clock.advance(seconds(90));
  REQUIRE(eventually([&] { return !w.queue->state().problem.empty(); }));
  const QueueState state = w.queue->state();
  CHECK(state.depth.records == 2);
  CHECK(state.depth.by_tenant.at("acme") == 2);
  CHECK(state.oldest_seconds == Approx(90));
  CHECK(state.room == spool::Room::enough);
  CHECK(state.bytes_per_second == 0);
  CHECK_THAT(describe(state), Contains("2 records") && Contains("no route to the database"));

  // What was told is kept by the next run too.
  w.queue->intake().stop();
  w.queue->stop(std::chrono::hours(1));
  w.open();
  REQUIRE(eventually([&] { return w.queue->state().counted; }));
  CHECK(w.queue->state().depth.by_tenant.at("acme") == 2);
  w.store.fail("");
  REQUIRE(w.drained());
  CHECK(w.queue->state().oldest_seconds == 0);
  CHECK(w.queue->state().bytes_per_second > 0);
  CHECK(w.store.messages() == std::vector<std::string>{"a", "b"});

  // The rate of a moment ago is no promise while the store is away.
  w.store.fail("no route to the database");
  CHECK(w.send(make_batch({"c"}, {}, "acme")).stored == 1);
  REQUIRE(eventually([&] { return !w.queue->state().problem.empty(); }));
  CHECK(w.queue->state().bytes_per_second == 0);
}

TEST_CASE("durable queue: the time left follows from the rate", "[spool]") {
  QueueState state;
  state.spool.bytes = 10'000;
  state.depth.records = 7;
  CHECK_THAT(describe(state), Contains("9.77 KiB wait") && !Contains("records"));
  state.counted = true;
  CHECK_THAT(describe(state), Contains("7 records") && !Contains("left"));
  state.bytes_per_second = 100;
  CHECK_THAT(describe(state), Contains("about 1m40s left"));
  state.problem = "away";
  CHECK_THAT(describe(state), Contains(": away") && !Contains("left"));
}

TEST_CASE("durable queue: a spool has one owner", "[spool]") {
  World w;
  try {
    DurableQueue second(w.config, w.store, w.letters, w.observer, w.clock, "other", nullptr);
    FAIL("opened twice");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::locked);
  }
}

TEST_CASE("durable queue: takes records when a segment is larger than the whole spool",
          "[ingest][spool]") {
  World w;
  w.config.spool.max_bytes = 4 << 20;
  w.config.spool.segment_bytes = 64 << 20;
  w.open();
  CHECK(w.send(make_batch({"a"})).stored == 1);
  CHECK(w.queue->state().room == spool::Room::enough);
  CHECK(w.drained());
}

TEST_CASE("durable queue: a repeat is a duplicate, a corrected refusal is not", "[ingest][spool]") {
  World w;
  w.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.event_id == "bad") return Outcome::rejected;
    return std::nullopt;
  });
  CHECK(w.send(make_batch({"good"})).stored == 1);
  CHECK(w.send(make_batch({"good"})).duplicates == 1);
  CHECK(w.send(make_batch({"bad"})).stored == 1);
  REQUIRE(w.drained());
  CHECK(test::kept_letters(w.config).size() == 1);

  w.store.script({});
  CHECK(w.send(make_batch({"bad"})).stored == 1);
  REQUIRE(w.drained());
  CHECK(w.store.messages() == std::vector<std::string>{"good", "bad"});
}

TEST_CASE("accounting view: what was read last stays when the store is away", "[ingest]") {
  World w;
  ingest::Backlog::Depth waiting;
  AccountingView books(w.store, w.observer, [&] { return waiting; });
  CHECK(books.sums().tenants.empty());
  const std::vector<storage::Count> counts = {{"a", "received", 5}, {"a", "stored", 5}};
  w.store.count("daemon", counts);
  CHECK(books.sums().tenants.empty());
  books.refresh();
  waiting.by_tenant["b"] = 2;
  const ingest::AccountingByTenant tenants = books.sums().tenants;
  CHECK(tenants.at("a").stored == 5);
  CHECK(tenants.at("b").spooled == 2);
  CHECK_THAT(w.observer.scrape(),
             Contains("logctl_accounted_records{outcome=\"stored\",tenant=\"a\"} 5"));

  // What waits goes on to be told, as the status does.
  books.publish();
  CHECK_THAT(w.observer.scrape(), Contains("{outcome=\"spooled\",tenant=\"b\"} 2"));
  w.store.books_away = true;
  waiting.by_tenant["b"] = 3;
  CHECK_THROWS_AS(books.refresh(), Error);
  CHECK_THAT(w.observer.scrape(), Contains("{outcome=\"spooled\",tenant=\"b\"} 3") &&
                                      Contains("{outcome=\"received\",tenant=\"b\"} 3") &&
                                      Contains("{outcome=\"stored\",tenant=\"a\"} 5"));
}

TEST_CASE("accounting view: what waits is not claimed before it was counted", "[ingest]") {
  World w;
  std::optional<ingest::Backlog::Depth> waiting;
  AccountingView view(w.store, w.observer, [&] { return waiting; });
  const std::vector<storage::Count> counts = {{"a", "received", 5}, {"a", "stored", 5}};
  w.store.count("daemon", counts);
  view.refresh();
  CHECK_FALSE(view.sums().counted);
  CHECK_THAT(w.observer.scrape(),
             Contains("outcome=\"stored\"") && !Contains("outcome=\"spooled\""));
  waiting.emplace();
  waiting->by_tenant["a"] = 2;
  view.refresh();
  CHECK(view.sums().counted);
  CHECK_THAT(w.observer.scrape(), Contains("{outcome=\"spooled\",tenant=\"a\"} 2"));
}

TEST_CASE("accounting view: with many tenants the metrics count each record once", "[ingest]") {
  World w;
  AccountingView view(w.store, w.observer, {});
  const auto store_for = [&](int first, int last) {
    for (int i = first; i <= last; ++i) {
      const std::string tenant = fmt::format("tenant {:03}", i);
      const std::vector<storage::Count> counts = {{tenant, "received", 1}};
      w.store.count("daemon", counts);
    }
    view.refresh();
  };
  const auto published = [&] {
    std::uint64_t sum = 0;
    const std::string text = w.observer.scrape();
    const std::string_view name = "logctl_accounted_records{outcome=\"received\"";
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      sum += std::stoull(text.substr(text.find("} ", at) + 2));
    }
    return sum;
  };
  store_for(100, 180);
  CHECK(published() == 81);
  // These come before the others in every list.
  store_for(0, 59);
  CHECK(published() == 141);
  store_for(0, 180);
  CHECK(published() == 141 + 181);
  CHECK_THAT(w.observer.scrape(), Contains("{outcome=\"received\",tenant=\"tenant 100\"} 2") &&
                                      Contains("tenant=\"(others)\"}"));
}
