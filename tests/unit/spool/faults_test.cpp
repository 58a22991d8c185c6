// Every single operation fails, or is the last one before the power goes. What was acknowledged is
// there afterwards, in order, each once; what was attempted may be; nothing else is.
#include "tests/support/catch.h"
#include "tests/support/spool_world.h"

#include <random>

using namespace logctl;
using namespace logctl::test;
using spool::Position;

namespace {

struct Attempt {
  Position begin = 0;  // known once it is acknowledged
  std::string payload;
  bool acknowledged = false;
};

// The same random work every time: groups of frames, a reader that releases, now and then a new
// opening.
class Run {
 public:
  explicit Run(spool::Fsync fsync = spool::Fsync::always) {
    world.settings.segment_bytes = 2000;
    world.settings.fsync = fsync;
  }

  // Ends early when an operation fails for good. Gives whether it came to its end.
  bool work() {
    std::mt19937 random(1);
    try {
      world.open();
      for (int step = 0; step < 40; ++step) {
        if (random() % 8 == 0) world.open();
        append_group(random);
        if (random() % 3 == 0) release_some(random() % 6);
      }
      world.close();
    } catch (const Error& error) {
      failure = error.code();
      return false;
    }
    return true;
  }

  void check_all_there() {
    world.open();
    CAPTURE(world.told);
    const Position released = world.spool->figures().released;
    CHECK(released <= asked_release);
    auto reader = world.spool->read(released);
    std::size_t next = 0;
    while (next < attempts.size() && attempts[next].acknowledged &&
           attempts[next].begin < released) {
      ++next;
    }
    while (const auto frame = reader.next()) {
      if (frame->damaged) continue;  // of a group that the power cut came in the middle of
      // Only what was never acknowledged may be passed over.
      while (next < attempts.size() && attempts[next].payload != frame->payload) {
        REQUIRE(passable(attempts[next], released));
        ++next;
      }
      REQUIRE(next < attempts.size());
      ++next;
    }
    for (; next < attempts.size(); ++next) REQUIRE(passable(attempts[next], released));
    // And it goes on from here.
    const std::string payload = numbered(attempts.size());
    const Position end = world.append({payload});
    CHECK(world.read_all().back() == payload);
    attempts.push_back({end - frame_bytes(payload), payload, true});
  }

  SpoolWorld world;
  std::vector<Attempt> attempts;
  Position asked_release = 0;
  ErrorCode failure = ErrorCode::internal;

 private:
  static Position frame_bytes(const std::string& payload) {
    return (40 + payload.size() + 7) / 8 * 8;
  }
  static bool passable(const Attempt& attempt, Position released) {
    return !attempt.acknowledged || attempt.begin < released;
  }

  void append_group(std::mt19937& random) {
    std::vector<std::string> payloads;
    const std::size_t first = attempts.size();
    for (std::size_t i = 0, n = 1 + random() % 4; i < n; ++i) {
      payloads.push_back(numbered(first + i, random() % 700));
      attempts.push_back({0, payloads.back()});
    }
    try {
      world.append(payloads);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::overloaded) {
        CHECK(world.spool->figures().failed);
        CHECK_THROWS_AS(world.append({"refused"}), Error);
        throw;
      }
      // A full disk passes, and nothing of the group was written.
      CHECK_FALSE(world.spool->figures().failed);
      attempts.resize(first);
      return;
    }
    Position at = world.spool->figures().end;
    for (std::size_t i = attempts.size(); i-- > first;) {
      at -= frame_bytes(attempts[i].payload);
      attempts[i].begin = at;
      attempts[i].acknowledged = true;
    }
  }

  void release_some(std::size_t frames) {
    auto reader = world.spool->read(world.spool->figures().released);
    for (std::size_t i = 0; i < frames; ++i) (void)reader.next();
    asked_release = std::max(asked_release, reader.position());
    try {
      world.spool->release(reader.position());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::disk_full) throw;
    }
  }
};

std::size_t operations_of_a_run() {
  Run run;
  REQUIRE(run.work());
  run.check_all_there();
  CHECK(run.world.told.empty());
  return run.world.files.operations();
}

}  // namespace

TEST_CASE("spool: a power cut after any operation loses nothing acknowledged", "[spool][fault]") {
  const std::size_t operations = operations_of_a_run();
  REQUIRE(operations > 100);
  for (std::size_t n = 0; n < operations; ++n) {
    for (std::uint32_t seed = 0; seed < 4; ++seed) {
      Run run;
      run.world.files.die_at(n);
      (void)run.work();
      INFO("operation " << n << " seed " << seed);
      run.world.close();
      run.world.files.power_cut(seed);
      run.check_all_there();
      if (seed == 0) {
        run.world.files.power_cut(7);  // and once more
        run.check_all_there();
      }
    }
  }
}

TEST_CASE("spool: a failure of any operation is told and loses nothing", "[spool][fault]") {
  const std::size_t operations = operations_of_a_run();
  const ErrorCode code = GENERATE(ErrorCode::io, ErrorCode::disk_full);
  const bool for_good = GENERATE(false, true);
  for (std::size_t n = 0; n < operations; ++n) {
    INFO(info(code).name << " at operation " << n << (for_good ? " and all later ones" : ""));
    Run run;
    run.world.files.fail_at(n, code, for_good);
    if (!run.work()) CHECK((run.failure == code || run.failure == ErrorCode::io));
    run.world.close();
    run.world.files.heal();
    run.check_all_there();
  }
}

TEST_CASE("spool: kill -9 at any operation loses nothing in any mode", "[spool][fault]") {
  const auto fsync = GENERATE(spool::Fsync::always, spool::Fsync::none);
  Run whole(fsync);
  REQUIRE(whole.work());
  for (std::size_t n = 0; n < whole.world.files.operations(); ++n) {
    INFO("operation " << n);
    Run run(fsync);
    run.world.files.die_at(n);
    (void)run.work();
    run.world.close();
    run.world.files.heal();
    run.check_all_there();
  }
}

TEST_CASE("spool: without fsync a power cut never makes a position be used twice",
          "[spool][fault]") {
  for (std::uint32_t seed = 0; seed < 32; ++seed) {
    SpoolWorld world;
    world.settings.fsync = spool::Fsync::none;
    world.open();
    world.append({"first", "second", "third"});
    auto reader = world.spool->read(0);
    CHECK(SpoolWorld::read(reader).size() == 3);
    const Position in_the_store = reader.position();
    world.kill();
    world.files.power_cut(seed);
    world.open();
    world.append({"fourth"});
    CHECK(world.read_from(in_the_store) == std::vector<std::string>{"fourth"});
    world.spool->release(world.spool->figures().end);
  }
}

TEST_CASE("spool: the reserve lets a full disk remember what is released", "[spool][fault]") {
  SpoolWorld world;
  world.open();
  for (std::size_t i = 0; i < 12; ++i) world.append({numbered(i, 1000)});
  REQUIRE(world.files.exists("/spool/reserve"));
  world.files.fail_at(0, ErrorCode::disk_full);
  world.spool->release(world.spool->figures().end);
  CHECK(world.segment_files().size() == 1);
  CHECK(world.files.exists("/spool/reserve"));  // made again
  world.kill();
  world.open();
  CHECK(world.read_all().empty());
}
