#include "shared/ingest/drainer.h"

#include "shared/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/drain_world.h"

#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using Catch::Matchers::Contains;
using test::DrainWorld;
using test::make_batch;
using Books = std::map<std::string, std::uint64_t>;
using Sizes = std::vector<std::size_t>;

namespace {

// `count` requests of two records each, numbered from `first`; their messages in order.
std::vector<std::string> put_many(DrainWorld& world, int count, int first = 0) {
  std::vector<std::string> messages;
  for (int i = first; i < first + count; ++i) {
    const std::string id = std::to_string(i);
    world.put({id + "a", id + "b"});
    messages.insert(messages.end(), {id + "a", id + "b"});
  }
  return messages;
}

}  // namespace

TEST_CASE("drainer: everything moves, in order, and the books close", "[ingest][drainer]") {
  DrainWorld w;
  w.put({"a", "b"}, {{7, "level", Reason::unknown_value, "no"}});
  w.put({"c"}, {}, "acme");
  Batch known = make_batch({"d"});
  known.duplicates = 2;
  known.received += 2;
  w.put(known);
  w.start();
  w.put({"a", "e"}, {{0, "", Reason::malformed, "no"}, {1, "", Reason::malformed, "no"}});
  REQUIRE(w.drained());

  CHECK(w.store.messages() == std::vector<std::string>{"a", "b", "c", "d", "e"});
  CHECK(w.books() == Books{{"acme received", 1},
                           {"acme stored", 1},
                           {"default received", 10},
                           {"default stored", 4},
                           {"default duplicate", 3},
                           {"default rejected:malformed", 2},
                           {"default rejected:unknown_value", 1}});
  CHECK(w.store.position(w.spool->id()) == w.spool->figures().end);
  CHECK(w.spool->figures().written.received == w.accounting().received);
  CHECK(w.accounting().difference() == 0);
  CHECK(w.accounting().spooled == 0);
  CHECK(w.observer.accounting().stored == 5);
  CHECK(w.observer.accounting().duplicate == 1);  // the known ones were counted when they came
}

TEST_CASE("drainer: a store that is away is waited for, and nothing is lost", "[ingest][drainer]") {
  DrainWorld w;
  std::vector<std::string> messages = put_many(w, 3);
  SECTION("from the start") {
    w.store.fail("no route to the database");
    w.start();
  }
  SECTION("later") {
    w.start();
    REQUIRE(w.drained());
    w.store.fail("no route to the database");
  }
  for (const std::string& more : put_many(w, 3, 3)) messages.push_back(more);
  CHECK(w.problem() == "no route to the database");
  CHECK(w.spool->figures().bytes > 0);
  CHECK(w.accounting().difference() == 0);
  CHECK(w.accounting().spooled >= 6);

  w.store.fail("");
  REQUIRE(w.drained());
  CHECK(test::eventually([&] { return w.drainer->state().problem.empty(); }));
  CHECK(w.store.messages() == messages);
  CHECK(w.books() == Books{{"default received", 12}, {"default stored", 12}});
  CHECK(w.backlog->depth().records == 0);
}

TEST_CASE("drainer: a commit whose answer was lost is not repeated", "[ingest][drainer]") {
  DrainWorld w;
  w.limits.size = 4;
  const std::vector<std::string> messages = put_many(w, 10);
  w.store.lose_answers(3);
  w.start();
  REQUIRE(w.drained());
  CHECK(w.store.messages() == messages);
  CHECK(w.books() == Books{{"default received", 20}, {"default stored", 20}});
  CHECK(w.backlog->depth().by_tenant.empty());
  CHECK(w.observer.accounting().stored == 20);  // told like the others
}

TEST_CASE("drainer: what was refused in a commit without an answer is told as well",
          "[ingest][drainer]") {
  DrainWorld w;
  w.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.event_id == "bad") return Outcome::rejected;
    return std::nullopt;
  });
  w.put({"a", "bad", "b"});
  w.store.lose_answers(1);
  w.start();
  REQUIRE(w.drained());
  CHECK(w.books() == Books{{"default received", 3},
                           {"default stored", 2},
                           {"default rejected:refused_by_store", 1}});
  CHECK(w.observer.accounting().stored == 2);
  CHECK(w.observer.accounting().rejected_total() == 1);
  CHECK(w.kept().size() == 1);
}

TEST_CASE("drainer: what the store has already is skipped after a restart", "[ingest][drainer]") {
  DrainWorld w;
  put_many(w, 2);
  const spool::Position stored = w.spool->figures().end;
  const std::vector<std::string> rest = put_many(w, 3, 2);
  storage::Origin origin;
  origin.source = w.spool->id();
  origin.move = storage::Origin::Move{0, stored};
  w.spool->prove();  // as the drainer does before it moves the position
  w.store.append({}, origin);
  w.store.hold();
  w.restart();
  w.store.wait_for_calls(2);
  CHECK(w.backlog->depth().records == rest.size());
  w.store.release();
  REQUIRE(w.drained());
  CHECK(w.store.messages() == rest);
  CHECK(w.backlog->depth().records == 0);
}

TEST_CASE("drainer: killed at any place, each record is stored once", "[ingest][drainer]") {
  DrainWorld w;
  w.limits.size = 2;
  const std::vector<std::string> messages = put_many(w, 40);
  for (std::size_t groups = 5; groups < 40; groups += 10) {
    w.start();
    REQUIRE(test::eventually([&] { return w.store.total_rows() >= 2 * groups; }));
    w.drainer.reset();
    w.kill();
    w.backlog = std::make_unique<ingest::Backlog>();
    w.open();
  }
  w.start();
  REQUIRE(w.drained());
  CHECK(w.store.messages() == messages);
  CHECK(w.books() == Books{{"default received", 80}, {"default stored", 80}});
  CHECK(w.backlog->depth().records == 0);
}

TEST_CASE("drainer: what the store refuses is a dead letter before anything is committed",
          "[ingest][drainer]") {
  DrainWorld w;
  w.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.event_id.starts_with("bad")) return Outcome::rejected;
    return std::nullopt;
  });
  w.put({"a", "bad 1"}, {}, "acme");
  w.put({"b", "c"});
  // No letter can be written: a file is where their folder belongs.
  const std::filesystem::path letters = ingest::dead_letter_directory(w.config);
  File::create(letters, 0600).close();
  w.start();
  CHECK_THAT(w.problem(), Contains("rejects"));
  CHECK(w.store.total_rows() == 0);
  CHECK(w.books().empty());
  CHECK(w.store.position(w.spool->id()) == 0);

  std::filesystem::remove(letters);
  REQUIRE(w.drained());
  CHECK(w.store.messages() == std::vector<std::string>{"a", "b", "c"});
  const std::vector<ingest::DeadLetter> kept = w.kept();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].tenant == "acme");
  CHECK(kept[0].index == 1U);
  CHECK(kept[0].reason == "refused_by_store");
  CHECK(kept[0].message == "the store dislikes it");
  CHECK_THAT(kept[0].raw, Contains(R"("event_id":"bad 1")"));
  CHECK(w.books() == Books{{"acme received", 2},
                           {"acme stored", 1},
                           {"acme rejected:refused_by_store", 1},
                           {"default received", 2},
                           {"default stored", 2}});
}

TEST_CASE("drainer: a frame that is no batch is a dead letter, and its records are counted",
          "[ingest][drainer]") {
  DrainWorld w;
  const Batch batch = make_batch({"x", "y"}, {}, "acme");
  w.encoder.clear();
  w.encoder.add(batch, batch.tenant);
  const std::string whole(w.encoder.bytes(0, w.encoder.size()));
  std::string broken;
  SECTION("not even a head") { broken = whole.substr(0, 2); }
  SECTION("a head without its records") { broken = whole.substr(0, whole.size() - 1); }
  w.put({"a"});
  w.put_frame(broken, batch);
  w.put({"b"});
  w.restart();
  REQUIRE(w.drained());
  CHECK(w.store.messages() == std::vector<std::string>{"a", "b"});
  const std::vector<ingest::DeadLetter> kept = w.kept();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].source == "spool");
  CHECK(kept[0].reason == "malformed");
  CHECK(kept[0].raw == broken);
  CHECK(w.accounting().rejected == std::map<std::string, std::uint64_t>{{"malformed", 2}});
  CHECK(w.accounting().stored == 2);
  CHECK(w.accounting().difference() == 0);
  CHECK(w.backlog->depth().records == 0);
  CHECK(w.spool->figures().written.received == w.accounting().received);
}

TEST_CASE("drainer: records that were lost with a damaged frame are booked as such",
          "[ingest][drainer]") {
  DrainWorld w;
  w.put({"a"});
  w.put({"x", "y"}, {}, "acme");
  // The last one of its segment may be it too: then nothing comes behind it yet.
  const bool more = GENERATE(true, false);
  if (more) w.put({"b"});
  const auto path = w.segment_files().front();
  w.close();
  std::string content = w.files.content(path);
  content[content.find("acme")] = 'X';
  w.files.put(path, content);
  if (!more) {
    w.open();
    CHECK(w.spool->figures().torn_bytes > 0);  // not damage, but a write that was not finished
    w.start();
    REQUIRE(w.drained());
    CHECK(w.accounting().rejected.empty());
    CHECK(w.spool->figures().written.received == w.accounting().received);
    return;
  }
  w.restart();
  REQUIRE(w.drained());
  CHECK(w.store.messages() == std::vector<std::string>{"a", "b"});
  CHECK(w.kept().empty());  // the bytes lie in the spool's directory
  CHECK(w.accounting().rejected == std::map<std::string, std::uint64_t>{{"spool_damaged", 2}});
  CHECK(w.accounting().difference() == 0);
  CHECK(w.backlog->depth().records == 0);
  CHECK(w.spool->figures().written.received == w.accounting().received);
  w.restart();
  CHECK(w.spool->figures().corrupt_frames == 1);
  CHECK(w.accounting().rejected == std::map<std::string, std::uint64_t>{{"spool_damaged", 2}});
}

TEST_CASE("drainer: frames of another version stay, what precedes them moves",
          "[ingest][drainer]") {
  DrainWorld w;
  w.put({"a"});
  const spool::Position known = w.put({"b"});
  w.put_frame("\x7F whatever", make_batch({"x"}));
  w.put({"c"});
  w.start();
  CHECK(test::eventually([&] { return w.spool->figures().released == known; }));
  CHECK_THAT(w.problem(), Contains("another version"));
  CHECK(w.store.messages() == std::vector<std::string>{"a", "b"});
  CHECK(w.backlog->depth().records == 2);
  CHECK(w.kept().empty());
}

TEST_CASE("drainer: stop moves what waits and then ends", "[ingest][drainer]") {
  DrainWorld w;
  w.limits.size = 2;
  put_many(w, 10);
  w.store.hold();
  w.start();
  w.store.wait_for_calls(1);
  std::thread stopper([&] { w.drainer->stop(std::chrono::hours(1)); });
  w.store.release();
  stopper.join();
  CHECK(w.spool->figures().bytes == 0);
  CHECK(w.store.total_rows() == 20);
  w.drainer->stop(std::chrono::hours(1));
}

TEST_CASE("drainer: a stop without grace leaves the rest in the spool", "[ingest][drainer]") {
  DrainWorld w;
  w.limits.size = 2;
  const std::vector<std::string> messages = put_many(w, 10);
  w.store.hold();
  w.start();
  w.store.wait_for_calls(1);
  std::thread stopper;
  SECTION("at once") {
    stopper = std::thread([&] { w.drainer->stop(microseconds(0)); });
    // Ends when the stop has been asked for.
    CHECK_FALSE(w.spool->await(w.spool->figures().end,
                               std::chrono::steady_clock::now() + std::chrono::hours(1)));
  }
  SECTION("hurried") {
    stopper = std::thread([&] { w.drainer->stop(std::chrono::hours(1)); });
    w.drainer->hurry();
  }
  w.store.release();
  stopper.join();
  CHECK(w.spool->figures().bytes > 0);
  w.restart();
  REQUIRE(w.drained());
  CHECK(w.store.messages() == messages);
}

TEST_CASE("drainer: a stop does not wait for a store that is away", "[ingest][drainer]") {
  DrainWorld w;
  put_many(w, 1);
  w.store.fail("away");
  w.start();
  CHECK(w.problem() == "away");
  w.drainer->stop(std::chrono::hours(1));
  CHECK(w.spool->figures().bytes > 0);
}

TEST_CASE("drainer: goes on with a store that was set back", "[ingest][drainer]") {
  DrainWorld w;
  put_many(w, 2);
  w.start();
  REQUIRE(w.drained());
  w.drainer.reset();
  const std::string id = w.spool->id();
  storage::Origin origin;
  origin.source = id;
  origin.move = storage::Origin::Move{w.spool->figures().end, 0};
  w.store.append({}, origin);
  w.restart();
  w.put({"after"});
  REQUIRE(w.drained());
  CHECK(w.store.messages().back() == "after");
  CHECK(w.store.position(id) == w.spool->figures().end);
}

TEST_CASE("drainer: transactions stay within batch.size, batch.max_bytes and 32 days",
          "[ingest][drainer]") {
  DrainWorld w;
  SECTION("records") {
    w.limits.size = 4;
    put_many(w, 6);
    w.start();
    REQUIRE(w.drained());
    CHECK(w.store.append_sizes() == Sizes{4, 4, 4});
  }
  SECTION("bytes") {
    w.put({"0a", "0b"});
    w.limits.max_bytes = w.encoder.size() * 3 / 2;
    put_many(w, 5, 1);
    w.start();
    REQUIRE(w.drained());
    CHECK(w.store.append_sizes() == Sizes{4, 4, 4});
  }
  SECTION("days") {
    for (int day = 0; day < 40; ++day) {
      Batch batch = make_batch({std::to_string(day)});
      batch.records[0].timestamp += std::chrono::hours(24 * day);
      w.put(batch);
    }
    w.start();
    REQUIRE(w.drained());
    CHECK(w.store.append_sizes() == Sizes{32, 8});
  }
  SECTION("days of requests that have several") {
    // 20 days each: two of them are too many.
    for (int request = 0; request < 3; ++request) {
      std::vector<std::string> ids;
      for (int day = 0; day < 20; ++day) ids.push_back(std::to_string(request * 20 + day));
      Batch batch = make_batch(ids);
      for (int day = 0; day < 20; ++day) {
        batch.records[static_cast<std::size_t>(day)].timestamp +=
            std::chrono::hours(24 * (request * 20 + day));
      }
      w.put(batch);
    }
    w.start();
    REQUIRE(w.drained());
    CHECK(w.store.append_sizes() == Sizes{20, 20, 20});
  }
  SECTION("a request over the limits goes whole") {
    w.limits.size = 2;
    w.put({"a", "b", "c"});
    w.start();
    REQUIRE(w.drained());
    CHECK(w.store.append_sizes() == Sizes{3});
  }
}

TEST_CASE("drainer: what the last run left is counted by tenant", "[ingest][drainer]") {
  DrainWorld w;
  w.put({"a", "b"}, {}, "acme");
  w.put({"c"});
  w.put({"d"}, {}, "acme");
  w.store.hold();
  w.restart();
  REQUIRE(w.counted());
  w.put({"e"}, {}, "new");
  const ingest::Backlog::Depth depth = w.backlog->depth();
  CHECK(depth.records == 5);
  CHECK(depth.by_tenant ==
        std::map<std::string, std::uint64_t, std::less<>>{{"acme", 3}, {"default", 1}, {"new", 1}});
}
