#include "shared/ingest/spooler.h"

#include "shared/base/error.h"
#include "tests/support/batches.h"
#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/support/fake_store.h"
#include "tests/support/spool_world.h"

#include <algorithm>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using test::eventually;
using test::make_batch;
using Accounts = std::vector<storage::Account>;

namespace {

const Rejection kMalformed{1, "", Reason::malformed, "no JSON"};

struct World : test::SpoolWorld {
  World() {
    settings.max_bytes = 64 << 20;
    settings.segment_bytes = 1 << 20;
    config.log.level = "error";
    config.spool.segment_bytes = 4096;
    open();
  }
  ~World() { spooler.reset(); }

  void start() {
    spooler = std::make_unique<ingest::Spooler>(*spool, backlog, store, observer, config, "daemon");
  }
  Push submit(Batch batch) { return spooler->submit(std::move(batch), receipts.taker()); }
  // Submits and waits for the receipt.
  Receipt send(Batch batch) {
    const std::size_t before = receipts.count();
    REQUIRE(submit(std::move(batch)) == Push::ok);
    return receipts.wait_for(before + 1).back();
  }
  std::vector<ingest::SpooledBatch> frames() {
    payloads = read_all();
    records.clear();
    std::vector<ingest::SpooledBatch> found;
    for (const std::string& payload : payloads) {
      found.push_back(ingest::decode_spooled(payload, records));
    }
    return found;
  }
  // Fills the spool until requests are refused.
  void fill() {
    const std::string text(1000, 'x');
    for (int i = 0;; ++i) {
      REQUIRE(i < 50'000);
      Batch batch = make_batch({"fill " + std::to_string(i)});
      batch.records[0].message = batch.arena->copy(text);
      if (submit(std::move(batch)) != Push::ok) return;
      receipts.wait_for(static_cast<std::size_t>(i) + 1);
    }
  }

  config::Config config;
  metrics::Observer observer{config};
  test::FakeStore store;
  ingest::Backlog backlog;
  test::Receipts receipts;
  std::vector<std::string> payloads;  // what `records` point into
  std::vector<LogRecord> records;
  std::unique_ptr<ingest::Spooler> spooler;
};

}  // namespace

TEST_CASE("spooler: a success is on disk", "[ingest][spooler]") {
  World w;
  w.start();
  const Receipt receipt = w.send(make_batch({"a", "b"}, {kMalformed}, "acme"));
  CHECK_FALSE(receipt.failed);
  CHECK(receipt.received == 3);
  CHECK(receipt.stored == 2);
  REQUIRE(receipt.rejections.size() == 1);
  CHECK(receipt.rejections[0].message == "no JSON");
  CHECK(w.backlog.depth().by_tenant.at("acme") == 2);

  // The machine dies before anything else happens.
  w.files.die_at(0);
  w.spooler.reset();
  w.close();
  w.files.power_cut(1);
  w.open();
  const auto frames = w.frames();
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].tenant == "acme");
  CHECK(frames[0].records == 2);
  CHECK(frames[0].rejected.size() == 1);
  CHECK(w.records[1].message == "b");
  CHECK(w.spool->figures().written.received == 3);
  CHECK(w.store.append_sizes().empty());
}

TEST_CASE("spooler: all that waits is one append", "[ingest][spooler]") {
  World w;
  w.start();
  w.send(make_batch({"makes the segment"}));
  std::size_t before = w.files.operations();
  w.send(make_batch({"alone"}));
  const std::size_t one_append = w.files.operations() - before;

  std::latch held(1);
  std::latch free(1);
  REQUIRE(w.spooler->submit(make_batch({"holds the writer"}), [&](Receipt&&) {
    held.count_down();
    free.wait();
  }) == Push::ok);
  held.wait();
  before = w.files.operations();
  for (int i = 0; i < 50; ++i) REQUIRE(w.submit(make_batch({std::to_string(i)})) == Push::ok);
  CHECK(w.spooler->waiting() == 50);
  free.count_down();
  w.receipts.wait_for(52);
  CHECK(w.files.operations() - before == one_append);
  CHECK(w.spool->figures().written.frames == 53);
  CHECK(w.backlog.depth().records == 53);
}

TEST_CASE("spooler: what was taken a while ago is a duplicate, and counted", "[ingest][spooler]") {
  World w;
  w.start();
  CHECK(w.send(make_batch({"a", "b", "a"})).duplicates == 1);
  const Receipt some = w.send(make_batch({"a", "c"}, {kMalformed}));
  CHECK(some.received == 3);
  CHECK(some.stored == 1);
  CHECK(some.duplicates == 1);
  const Receipt none = w.send(make_batch({"a", "b"}, {kMalformed}));
  CHECK_FALSE(none.failed);
  CHECK(none.stored == 0);
  CHECK(none.duplicates == 2);
  CHECK(w.send(make_batch({"a"}, {}, "acme")).stored == 1);  // somebody else's

  const Batch probe = make_batch({"a", "z"});
  CHECK(w.spooler->knows(probe.records[0]));
  CHECK_FALSE(w.spooler->knows(probe.records[1]));
  // In the frames, and for the request without one in the books.
  const auto frames = w.frames();
  REQUIRE(frames.size() == 3);
  CHECK(frames[0].duplicates == 1);
  CHECK(frames[1].duplicates == 1);
  w.spooler->flush_counts();
  CHECK(w.store.accounts() == Accounts{{"daemon", "default", "duplicate", 2},
                                       {"daemon", "default", "received", 3},
                                       {"daemon", "default", "rejected:malformed", 1}});
  CHECK(w.backlog.depth().records == 4);
  CHECK(w.observer.accounting().duplicate == 4);
}

TEST_CASE("spooler: a request of many days is several frames and one answer", "[ingest][spooler]") {
  World w;
  w.start();
  std::vector<std::string> ids;
  for (int day = 0; day < 100; ++day) ids.push_back(std::to_string(day));
  Batch batch = make_batch(ids, {kMalformed}, "acme");
  for (std::size_t day = 0; day < 100; ++day) {
    batch.records[day].timestamp += std::chrono::hours(24 * day);
  }
  const Receipt receipt = w.send(std::move(batch));
  CHECK(receipt.received == 101);
  CHECK(receipt.stored == 100);
  const auto frames = w.frames();
  REQUIRE(frames.size() == 4);
  CHECK(frames[0].records == 32);
  CHECK(frames[0].rejected.size() == 1);
  CHECK(frames[3].records == 4);
  CHECK(frames[3].rejected.empty());
  CHECK(frames[3].tenant == "acme");
  CHECK(w.spool->figures().written.received == 101);
  CHECK(w.spool->figures().written.records == 100);
  CHECK(w.backlog.depth().records == 100);
}

TEST_CASE("spooler: a record that the client gave no id is never known", "[ingest][spooler]") {
  World w;
  w.start();
  for (int i = 0; i < 2; ++i) {
    Batch batch = make_batch({"assigned"});
    batch.records[0].id_assigned = true;
    CHECK(w.send(std::move(batch)).stored == 1);
  }
}

TEST_CASE("spooler: what the disk does not take is claimed by nobody", "[ingest][spooler]") {
  World w;
  w.start();
  CHECK(w.send(make_batch({"before"})).stored == 1);
  w.files.fail_at(0, ErrorCode::io, true);
  for (int i = 0; i < 2; ++i) {
    const Receipt failed = w.send(make_batch({"a", "before"}, {kMalformed}));
    CHECK(failed.failed);
    CHECK_FALSE(failed.failure.empty());
    CHECK(failed.stored == 0);
    CHECK(failed.duplicates == 0);
    CHECK(failed.rejections.size() == 1);
  }
  CHECK(w.observer.accounting().failed == 4);
  CHECK(w.backlog.depth().records == 1);
  const Batch probe = make_batch({"a"});
  CHECK_FALSE(w.spooler->knows(probe.records[0]));

  // Nobody knows what reached the disk: only a new opening takes records again.
  w.files.heal();
  CHECK(w.send(make_batch({"a"})).failed);
  CHECK(w.spool->figures().failed);
  w.spooler.reset();
  w.open();
  w.start();
  CHECK(w.send(make_batch({"a"})).stored == 1);
  w.spooler->stop();
  CHECK(w.store.accounts().empty());  // what failed is in no book
}

TEST_CASE("spooler: a failed sync is no success either", "[ingest][spooler]") {
  World w;
  w.start();
  w.send(make_batch({"makes the segment"}));
  w.files.fail_at(1, ErrorCode::io);
  const Receipt failed = w.send(make_batch({"a"}));
  CHECK(failed.failed);
  CHECK(failed.stored == 0);
}

TEST_CASE("spooler: a full disk passes", "[ingest][spooler]") {
  World w;
  w.settings.max_bytes = 64 * 1024;
  w.open();
  w.start();
  const auto big = [](const std::string& id) {
    Batch batch = make_batch({id});
    char* text = batch.arena->allocate(20'000);
    std::fill(text, text + 20'000, 'x');
    batch.records[0].message = {text, 20'000};
    return batch;
  };
  int taken = 0;
  while (!w.send(big(std::to_string(taken))).failed) REQUIRE(++taken < 10);
  CHECK(taken > 0);
  // As every other refusal of a full spool.
  CHECK(w.spooler->why_full() == "too much is waiting for the store");
  CHECK(w.spooler->retry_after_seconds() == 30);
  CHECK(w.submit(make_batch({"refused"})) == Push::full);
  CHECK(w.backlog.depth().records == static_cast<std::uint64_t>(taken));
  w.spool->release(w.spool->figures().end);
  REQUIRE(eventually([&] { return w.spooler->refusing() == spool::Room::enough; }));
  // Not a duplicate: it was not taken.
  CHECK(w.send(big(std::to_string(taken))).stored == 1);
}

TEST_CASE("spooler: from the high water mark on requests are refused, until it has come down",
          "[ingest][spooler]") {
  World w;
  w.config.spool.max_bytes = 1'000'000;
  w.config.spool.high_water = 50;
  w.config.spool.low_water = 10;
  w.start();
  CHECK(w.spooler->retry_after_seconds() == 1);
  w.fill();
  REQUIRE(w.spooler->refusing() == spool::Room::limit);
  CHECK(w.spooler->why_full() == "too much is waiting for the store");
  Batch refused = make_batch({"refused"});
  REQUIRE(w.spooler->submit(std::move(refused), w.receipts.taker()) == Push::full);
  CHECK(refused.records.size() == 1);                         // the caller still has it
  CHECK(w.submit(make_batch({}, {kMalformed})) == Push::ok);  // needs no room
  w.spooler->stop();                                          // everything taken is in the spool
  w.spooler.reset();
  w.start();
  // A fresh look finds it full as well.
  REQUIRE(w.submit(make_batch({"refused"})) == Push::full);

  // As long as it takes at the rate at which the spool empties.
  const std::uint64_t bytes = w.spool->figures().bytes;
  REQUIRE(bytes > 500'000);
  CHECK(w.spooler->retry_after_seconds() == 30);
  const auto later = std::chrono::steady_clock::now() + std::chrono::hours(1);  // nothing decays
  w.backlog.drained(500, later);  // 100 bytes a second
  CHECK(w.spooler->retry_after_seconds() == 60);
  w.backlog.drained(500'000, later);
  CHECK(w.spooler->retry_after_seconds() == (bytes - 100'000 + 100'099) / 100'100);
  w.backlog.drained(std::uint64_t{1} << 50, later);
  CHECK(w.spooler->retry_after_seconds() == 1);
  w.backlog.stalled();  // the store went away
  CHECK(w.spooler->retry_after_seconds() == 30);

  // Between the two marks it stays as it is.
  auto reader = w.spool->read(w.spool->figures().released);
  while (w.spool->figures().end - reader.position() > 200'000) REQUIRE(reader.next());
  w.spool->release(reader.position());
  std::this_thread::sleep_for(milliseconds(60));
  CHECK(w.submit(make_batch({"refused"})) == Push::full);
  w.spool->release(w.spool->figures().end);
  // Asking is enough: a load balancer that reads the readiness sends nothing before that ends.
  CHECK(eventually([&] { return w.spooler->refusing() == spool::Room::enough; }));
  CHECK(w.submit(make_batch({"taken"})) == Push::ok);
}

TEST_CASE("spooler: refuses while the disk has too little free space", "[ingest][spooler]") {
  World w;
  w.settings.min_free = 1 << 20;
  w.files.set_free_bytes(1 << 30);
  w.open();
  w.files.set_free_bytes(1 << 20);
  w.start();
  CHECK(w.submit(make_batch({"a"})) == Push::full);
  CHECK(w.spooler->refusing() == spool::Room::disk);
  CHECK(w.spooler->why_full() == "the disk of the spool has too little free space");
  // However fast the spool empties: the disk is filled by others.
  w.backlog.drained(1 << 30, std::chrono::steady_clock::now());
  CHECK(w.spooler->retry_after_seconds() == 30);
  w.files.set_free_bytes(1 << 30);
  CHECK(eventually([&] { return w.submit(make_batch({"a"})) == Push::ok; }));
}

TEST_CASE("spooler: requests without a good record are counted with the next flush",
          "[ingest][spooler]") {
  World w;
  w.start();
  const Receipt receipt = w.send(make_batch({}, {kMalformed, kMalformed}, "acme"));
  CHECK(receipt.received == 2);
  CHECK(receipt.rejections.size() == 2);
  CHECK(w.spool->figures().written.frames == 0);
  w.store.fail("away");
  CHECK_THROWS_AS(w.spooler->flush_counts(), Error);
  CHECK(w.store.accounts().empty());
  w.store.fail("");
  w.spooler->flush_counts();
  w.spooler->flush_counts();
  const Accounts once = {{"daemon", "acme", "received", 2},
                         {"daemon", "acme", "rejected:malformed", 2}};
  CHECK(w.store.accounts() == once);
  w.send(make_batch({}, {kMalformed}, "acme"));
  w.spooler->stop();
  CHECK(w.store.accounts()[0].count == 3);
}

TEST_CASE("spooler: stop writes what waits, then nothing is taken", "[ingest][spooler]") {
  World w;
  w.start();
  for (int i = 0; i < 20; ++i) REQUIRE(w.submit(make_batch({std::to_string(i)})) == Push::ok);
  w.spooler->stop();
  CHECK(w.receipts.count() == 20);
  CHECK(w.spool->figures().written.records == 20);
  CHECK(w.submit(make_batch({"late"})) == Push::closed);
  w.spooler->stop();
}
