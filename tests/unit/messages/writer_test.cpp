#include "shared/messages/writer.h"

#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/support/scripted_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <latch>
#include <set>
#include <thread>

using namespace logctl;
using namespace logctl::messages;
using Kind = storage::WriteResult::Kind;

namespace {

NewMessage message(const std::string& stream, int n,
                   std::optional<std::int64_t> expected = std::nullopt) {
  NewMessage made;
  made.name_space = "ns";
  made.stream = stream;
  made.id = fmt::format("00000000-0000-4000-8000-{:012x}", n);
  made.type = "T";
  made.data = fmt::format(R"({{"n":{}}})", n);
  made.expected_version = expected;
  return made;
}

struct World {
  World() { store.make_namespace("ns"); }

  MessageWriter::Listener listener() {
    MessageWriter::Listener made;
    made.written = [this](std::string_view name_space, std::span<const storage::Poke> pokes) {
      const Lock lock(mutex);
      if (name_space != "ns") ++told_of_others;
      told.insert(told.end(), pokes.begin(), pokes.end());
      answers_when_told = answers.size();
    };
    made.committed = [this](std::size_t messages, microseconds) {
      const Lock lock(mutex);
      committed.push_back(messages);
    };
    made.failed = [this](const std::string&) {
      const Lock lock(mutex);
      ++failures;
    };
    return made;
  }
  MessageWriter::Done taker() {
    return [this](WriteOutcome&& outcome) {
      const Lock lock(mutex);
      answers.push_back(std::move(outcome));
    };
  }
  std::vector<WriteOutcome> wait_for(std::size_t count) {
    REQUIRE(test::eventually([&] {
      const Lock lock(mutex);
      return answers.size() >= count;
    }));
    const Lock lock(mutex);
    CHECK(told_of_others == 0);
    return answers;
  }

  test::ScriptedMessages store;
  Mutex mutex;
  std::vector<WriteOutcome> answers;
  std::vector<storage::Poke> told;
  std::vector<std::size_t> committed;
  std::size_t answers_when_told = 0;
  int told_of_others = 0;  // checks belong to the thread of the test
  int failures = 0;
};

}  // namespace

TEST_CASE("message writer: what waits shares a transaction, each gets its own answer",
          "[messages]") {
  World world;
  MessageWriter writer(world.store, system_clock(), {}, world.listener());
  world.store.hold();
  REQUIRE(writer.submit(message("a-1", 0), world.taker()) == Push::ok);
  world.store.wait_for_writes(1);
  for (int i = 1; i <= 50; ++i) {
    REQUIRE(writer.submit(message("a-1", i), world.taker()) == Push::ok);
  }
  REQUIRE(writer.submit(message("a-1", 99, 7), world.taker()) == Push::ok);
  CHECK(writer.waiting() == 51);
  CHECK(writer.waiting_bytes() > 0);
  world.store.release();
  const auto answers = world.wait_for(52);
  CHECK(world.store.write_sizes() == std::vector<std::size_t>{1, 51});
  for (int i = 0; i <= 50; ++i) {
    CHECK(answers[static_cast<std::size_t>(i)].result.kind == Kind::written);
    CHECK(answers[static_cast<std::size_t>(i)].result.position == i);
  }
  CHECK(answers.back().result.kind == Kind::wrong_version);
  CHECK(answers.back().result.position == 50);
  // The pokes of a group are told in order, before its writers hear of it.
  const Lock lock(world.mutex);
  REQUIRE(world.told.size() == 51);
  CHECK(std::ranges::is_sorted(world.told, {}, &storage::Poke::global_position));
  CHECK(world.answers_when_told == 1);
  CHECK(world.committed == std::vector<std::size_t>{1, 51});
}

TEST_CASE("message writer: a repeat is answered and not told", "[messages]") {
  World world;
  MessageWriter writer(world.store, system_clock(), {}, world.listener());
  REQUIRE(writer.submit(message("a-1", 1), world.taker()) == Push::ok);
  world.wait_for(1);
  REQUIRE(writer.submit(message("a-1", 1), world.taker()) == Push::ok);
  const auto answers = world.wait_for(2);
  CHECK(answers[1].result.kind == Kind::repeated);
  CHECK(answers[1].result.position == answers[0].result.position);
  const Lock lock(world.mutex);
  CHECK(world.told.size() == 1);
}

TEST_CASE("message writer: a transaction stays within its batch", "[messages]") {
  World world;
  MessageWriter::Limits limits;
  limits.batch = 4;
  MessageWriter writer(world.store, system_clock(), limits, world.listener());
  world.store.hold();
  REQUIRE(writer.submit(message("a-1", 0), world.taker()) == Push::ok);
  world.store.wait_for_writes(1);
  for (int i = 1; i <= 10; ++i) {
    REQUIRE(writer.submit(message("a-1", i), world.taker()) == Push::ok);
  }
  world.store.release();
  world.wait_for(11);
  CHECK(std::ranges::max(world.store.write_sizes()) == 4);
}

TEST_CASE("message writer: a full queue says so, and keeps the message", "[messages]") {
  World world;
  MessageWriter::Limits limits;
  limits.queue_bytes = 2000;
  MessageWriter writer(world.store, system_clock(), limits, world.listener());
  world.store.hold();
  REQUIRE(writer.submit(message("a-1", 0), world.taker()) == Push::ok);
  world.store.wait_for_writes(1);
  int taken = 0;
  NewMessage last;
  Push answer = Push::ok;
  while (answer == Push::ok && taken < 100) {
    last = message("a-1", ++taken);
    answer = writer.submit(std::move(last), world.taker());
  }
  CHECK(answer == Push::full);
  CHECK(last.stream == "a-1");
  CHECK(taken < 20);
  // Another namespace still finds room.
  NewMessage other = message("a-1", 1000);
  other.name_space = "other";
  CHECK(writer.submit(std::move(other), world.taker()) == Push::ok);
  world.store.release();
}

TEST_CASE("message writer: while the store is away, all are told to try again", "[messages]") {
  World world;
  world.store.set_trap([](auto) { throw Error(ErrorCode::unavailable, "away"); });
  MessageWriter writer(world.store, system_clock(), {}, world.listener());
  for (int i = 0; i < 3; ++i) {
    REQUIRE(writer.submit(message("a-1", i), world.taker()) == Push::ok);
  }
  for (const WriteOutcome& outcome : world.wait_for(3)) {
    REQUIRE(outcome.failure);
    CHECK(info(outcome.failure->code()).retryable);
  }
  world.store.set_trap({});
  REQUIRE(writer.submit(message("a-1", 0), world.taker()) == Push::ok);
  CHECK_FALSE(world.wait_for(4)[3].failure);
}

TEST_CASE("message writer: what the store refuses for good costs no other", "[messages]") {
  World world;
  world.store.set_trap([](std::span<const storage::MessageWrite> writes) {
    for (const auto& write : writes) {
      if (write.stream == "bad-1") throw Error(ErrorCode::storage, "cannot be stored");
    }
  });
  MessageWriter writer(world.store, system_clock(), {}, world.listener());
  world.store.hold();
  REQUIRE(writer.submit(message("a-1", 0), world.taker()) == Push::ok);
  world.store.wait_for_writes(1);
  REQUIRE(writer.submit(message("a-1", 1), world.taker()) == Push::ok);
  REQUIRE(writer.submit(message("bad-1", 2), world.taker()) == Push::ok);
  REQUIRE(writer.submit(message("a-1", 3), world.taker()) == Push::ok);
  world.store.release();
  const auto answers = world.wait_for(4);
  CHECK_FALSE(answers[1].failure);
  CHECK(answers[2].failure);
  CHECK_FALSE(answers[3].failure);
  CHECK(answers[3].result.position == 2);
}

TEST_CASE("message writer: names that no store takes are refused before they wait", "[messages]") {
  World world;
  MessageWriter writer(world.store, system_clock(), {}, world.listener());
  world.store.hold();
  REQUIRE(writer.submit(message("a-1", 0), world.taker()) == Push::ok);
  world.store.wait_for_writes(1);
  REQUIRE(writer.submit(message("a-1", 1), world.taker()) == Push::ok);
  for (const std::string& name : {std::string(2049, 'x'), std::string("a\0b", 3)}) {
    NewMessage bad = message(name, 2);
    CHECK_THROWS_AS(static_cast<void>(writer.submit(std::move(bad), world.taker())), Error);
  }
  REQUIRE(writer.submit(message("a-1", 3), world.taker()) == Push::ok);
  world.store.release();
  for (const WriteOutcome& outcome : world.wait_for(3)) CHECK_FALSE(outcome.failure);
  CHECK(world.store.write_sizes() == std::vector<std::size_t>{1, 2});
  CHECK(world.store.version("ns", "a-1") == 2);
}

namespace {

NewMessage message_of(const std::string& name_space, const std::string& stream, int n) {
  NewMessage made = message(stream, n);
  made.name_space = name_space;
  return made;
}

// Two namespaces, of which others hold one.
struct HeldWorld : World {
  HeldWorld() {
    store.make_namespace("held");
    store.set_busy({"held"});
  }
  static MessageWriter::Listener deaf() {
    return {[](auto, auto) {}, [](auto, auto) {}, [](const auto&) {}};
  }
  MessageWriter::Done counter(std::atomic<int>& count) {
    return [&count](WriteOutcome&& outcome) {
      if (!outcome.failure) ++count;
    };
  }
};

}  // namespace

TEST_CASE("message writer: a namespace that is held keeps no other waiting", "[messages]") {
  HeldWorld world;
  MessageWriter writer(world.store, system_clock(), {}, HeldWorld::deaf());
  std::atomic<int> held = 0;
  std::atomic<int> free = 0;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(writer.submit(message_of("held", "h-1", i), world.counter(held)) == Push::ok);
    REQUIRE(writer.submit(message_of("ns", "a-1", i), world.counter(free)) == Push::ok);
  }
  REQUIRE(test::eventually([&] { return free == 20; }));
  CHECK(held == 0);
  CHECK(test::eventually([&] { return writer.waiting() == 20; }));
  world.store.set_busy({});
  REQUIRE(test::eventually([&] { return held == 20; }));
  CHECK(writer.waiting() == 0);
  // In the order in which they came.
  std::vector<std::string> data;
  for (const auto& one : world.store.read_stream({"held", "h-1", 0, {}, 100}).messages) {
    data.push_back(one.data);
  }
  REQUIRE(data.size() == 20);
  for (std::size_t i = 0; i < data.size(); ++i) CHECK(data[i] == fmt::format(R"({{"n":{}}})", i));
}

TEST_CASE("message writer: a namespace that is held for long is given up", "[messages]") {
  HeldWorld world;
  MessageWriter::Limits limits;
  limits.longest_held = milliseconds(50);
  MessageWriter writer(world.store, system_clock(), limits, world.listener());
  REQUIRE(writer.submit(message_of("held", "h-1", 1), world.taker()) == Push::ok);
  const auto answers = world.wait_for(1);
  REQUIRE(answers[0].failure);
  CHECK(info(answers[0].failure->code()).retryable);
  CHECK(writer.waiting() == 0);
  // Nothing was written, and the namespace is as good as any when it is free.
  CHECK_FALSE(world.store.version("held", "h-1"));
}

TEST_CASE("message writer: what waits for a held namespace counts against its room", "[messages]") {
  HeldWorld world;
  MessageWriter::Limits limits;
  limits.queue_bytes = 4000;
  MessageWriter writer(world.store, system_clock(), limits, HeldWorld::deaf());
  std::atomic<int> held = 0;
  REQUIRE(writer.submit(message_of("held", "h-1", 0), world.counter(held)) == Push::ok);
  REQUIRE(test::eventually([&] { return world.store.write_sizes().size() > 1; }));
  Push answer = Push::ok;
  int taken = 0;
  while (answer == Push::ok && taken < 1000) {
    answer = writer.submit(message_of("held", "h-1", ++taken), world.counter(held));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(answer == Push::full);
  CHECK(taken < 20);
  world.store.set_busy({});
  REQUIRE(test::eventually([&] { return held == taken; }));
}

TEST_CASE("message writer: stopping does not wait for a held namespace", "[messages]") {
  HeldWorld world;
  MessageWriter writer(world.store, system_clock(), {}, world.listener());
  REQUIRE(writer.submit(message_of("held", "h-1", 1), world.taker()) == Push::ok);
  REQUIRE(writer.submit(message("a-1", 1), world.taker()) == Push::ok);
  writer.stop();
  const auto answers = world.wait_for(2);
  CHECK(std::ranges::count_if(answers, [](const WriteOutcome& one) { return !!one.failure; }) == 1);
}

TEST_CASE("message writer: stopping writes what waits and takes no more", "[messages]") {
  World world;
  MessageWriter writer(world.store, system_clock(), {}, world.listener());
  for (int i = 0; i < 100; ++i) {
    REQUIRE(writer.submit(message("a-1", i), world.taker()) == Push::ok);
  }
  writer.stop();
  CHECK(world.wait_for(100).size() == 100);
  CHECK(world.store.version("ns", "a-1") == 99);
  CHECK(writer.submit(message("a-1", 100), world.taker()) == Push::closed);
}

TEST_CASE("message writer: many writers with expected versions lose nothing", "[messages]") {
  World world;
  MessageWriter writer(world.store, system_clock(), {}, world.listener());
  constexpr int kWriters = 16;
  constexpr int kEach = 50;
  std::atomic<int> ids = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kWriters; ++t) {
    threads.emplace_back([&] {
      std::int64_t version = -1;
      for (int done = 0; done < kEach;) {
        std::latch latch(1);
        WriteOutcome outcome;
        const auto taker = [&](WriteOutcome&& got) {
          outcome = std::move(got);
          latch.count_down();
        };
        if (writer.submit(message("race-1", ++ids, version), taker) != Push::ok) continue;
        latch.wait();
        if (outcome.result.kind == Kind::written) ++done;
        version = outcome.result.position;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(world.store.version("ns", "race-1") == kWriters * kEach - 1);
  CHECK(world.store.verify("ns", {}).problem_count == 0);
}
