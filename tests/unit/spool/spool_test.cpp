#include "shared/spool/spool.h"

#include "tests/support/catch.h"
#include "tests/support/spool_world.h"
#include "tests/support/temp_dir.h"

#include <atomic>
#include <thread>

using namespace logctl;
using namespace logctl::test;
using spool::Position;

namespace {

using Texts = std::vector<std::string>;

Texts numbers(std::size_t first, std::size_t count, std::size_t size = 0) {
  Texts out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(numbered(first + i, size));
  return out;
}

ErrorCode code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("nothing was thrown");
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("spool: what is appended is read, in order, with its head", "[spool]") {
  SpoolWorld world;
  world.open();
  const Position first = world.append({"a", "", std::string(3000, 'x')});
  const Position last = world.append({"b"});
  CHECK(last == world.spool->figures().end);
  auto reader = world.spool->read(0);
  const auto frame = reader.next();
  REQUIRE(frame);
  CHECK(frame->begin == 0);
  CHECK(frame->payload == "a");
  CHECK(frame->counts.received == 3);
  CHECK(frame->counts.records == 2);
  CHECK(frame->written_at == world.clock.now());
  CHECK(reader.position() == frame->end);
  CHECK(SpoolWorld::read(reader) == Texts{"", std::string(3000, 'x'), "b"});
  CHECK_FALSE(reader.next());
  CHECK(world.read_from(first) == Texts{"b"});
}

TEST_CASE("spool: everything is there after closing or killing, and goes on", "[spool]") {
  SpoolWorld world;
  world.open();
  const std::string id = world.spool->id();
  CHECK(id.size() == 36);
  world.append(numbers(0, 3));
  const bool killed = GENERATE(false, true);
  if (killed) {
    world.kill();
  } else {
    world.close();
  }
  world.open();
  CHECK(world.spool->id() == id);
  CHECK(world.spool->figures().written.frames == 3);
  CHECK(world.spool->figures().written.received == 9);
  CHECK(world.spool->figures().written.records == 6);
  world.append(numbers(3, 2));
  CHECK(world.read_all() == numbers(0, 5));
  CHECK(world.spool->figures().written.frames == 5);
  CHECK(world.told.empty());
  if (!killed) CHECK(world.spool->figures().bytes == world.spool->figures().end);
}

TEST_CASE("spool: segments are rolled, released and their files removed", "[spool]") {
  SpoolWorld world;
  world.open();
  for (std::size_t i = 0; i < 20; ++i) world.append({numbered(i, 1000)});
  const auto before = world.spool->figures();
  CHECK(before.segments == world.segment_files().size());
  CHECK(before.segments >= 6);
  CHECK(before.oldest == world.clock.now());
  CHECK(world.read_all() == numbers(0, 20, 1000));

  auto reader = world.spool->read(0);
  for (int i = 0; i < 10; ++i) REQUIRE(reader.next());
  const Position half = reader.position();
  world.spool->release(half);
  CHECK(world.spool->figures().released == half);
  CHECK(world.spool->figures().bytes == before.end - half);
  CHECK(world.segment_files().size() < before.segments);
  CHECK(world.segment_files().size() == world.spool->figures().segments);
  CHECK(world.read_all() == numbers(10, 10, 1000));
  world.spool->release(0);  // never back
  CHECK(world.spool->figures().released == half);

  world.spool->release(before.end);
  CHECK(world.segment_files().size() == 1);
  CHECK(world.spool->figures().bytes == 0);
  CHECK_FALSE(world.spool->figures().oldest);
  CHECK(code_of([&] { world.spool->release(before.end + 8); }) == ErrorCode::conflict);
  CHECK(code_of([&] { world.spool->read(before.end + 8); }) == ErrorCode::conflict);

  world.open();
  CHECK(world.spool->figures().released == before.end);
  CHECK(world.read_all().empty());
  CHECK(world.spool->figures().written.frames == 20);
  CHECK(world.told.empty());
}

TEST_CASE("spool: a group goes into one segment, a large one into its own", "[spool]") {
  SpoolWorld world;
  world.open();
  const Texts large = numbers(0, 4, 5000);
  world.append({"small"});
  world.append(large);
  world.append({"after"});
  CHECK(world.spool->figures().segments == 3);
  Texts expected{"small"};
  expected.insert(expected.end(), large.begin(), large.end());
  expected.push_back("after");
  CHECK(world.read_all() == expected);
}

TEST_CASE("spool: full is an error that passes", "[spool]") {
  SpoolWorld world;
  world.settings.max_bytes = 5 * 4096;
  world.open();
  std::size_t taken = 0;
  while (world.spool->room(1000) == spool::Room::enough) {
    REQUIRE(taken < 100);
    world.append({numbered(taken++, 1000)});
  }
  CHECK(world.spool->figures().disk_bytes <= world.settings.max_bytes);
  CHECK(code_of([&] { world.append({numbered(0, 1000)}); }) == ErrorCode::overloaded);
  CHECK_FALSE(world.spool->figures().failed);
  CHECK(world.read_all() == numbers(0, taken, 1000));
  world.spool->release(world.spool->figures().end);
  REQUIRE(world.spool->room(1000) == spool::Room::enough);
  world.append({"again"});
  CHECK(world.read_all() == Texts{"again"});
}

TEST_CASE("spool: segments larger than its limit become smaller ones", "[spool]") {
  SpoolWorld world;
  world.settings.max_bytes = 8 * 4096;
  world.settings.segment_bytes = world.settings.max_bytes;
  world.open();
  CHECK(world.spool->segment_bytes() == world.settings.max_bytes / 4);
  CHECK(world.spool->room(world.spool->segment_bytes()) == spool::Room::enough);
}

TEST_CASE("spool: leaves the others their part of the disk", "[spool]") {
  SpoolWorld world;
  world.settings.min_free = 100'000;
  world.files.set_free_bytes(100'000 + 3000);
  world.open();
  CHECK(world.spool->room(10) == spool::Room::disk);
  world.files.set_free_bytes(200'000);
  CHECK(world.spool->room(10) == spool::Room::enough);
  world.append({"a"});
  world.files.set_free_bytes(0);
  CHECK(world.spool->room(10) == spool::Room::enough);  // its segment has the space already
  CHECK(world.spool->room(10'000) == spool::Room::disk);
}

TEST_CASE("spool: one process at a time", "[spool]") {
  SpoolWorld world;
  world.open();
  const auto second = [&] {
    spool::Spool(world.files, world.settings, world.clock, world.damage());
  };
  CHECK(code_of(second) == ErrorCode::locked);
  world.close();
  second();
}

TEST_CASE("spool: a reader follows the writer from another thread", "[spool]") {
  SpoolWorld world;
  world.settings.max_bytes = 64 << 20;
  world.open();
  constexpr std::size_t kFrames = 2000;
  const auto bound = std::chrono::steady_clock::now() + seconds(30);
  Texts seen;
  std::thread consumer([&] {
    auto reader = world.spool->read(0);
    while (seen.size() < kFrames) {
      while (const auto frame = reader.next()) seen.emplace_back(frame->payload);
      world.spool->release(reader.position());
      if (seen.size() < kFrames && !world.spool->await(reader.position(), bound)) break;
    }
  });
  for (std::size_t i = 0; i < kFrames; i += 4) world.append(numbers(i, 4, i % 300));
  consumer.join();
  REQUIRE(seen.size() == kFrames);
  for (std::size_t i = 0; i < kFrames; i += 4) {
    CHECK(seen[i] == numbered(i, i % 300));
  }
  CHECK(world.segment_files().size() == 1);
}

TEST_CASE("spool: await ends with frames, the time, or stop", "[spool]") {
  SpoolWorld world;
  world.open();
  const auto now = std::chrono::steady_clock::now();
  CHECK_FALSE(world.spool->await(0, now));
  world.append({"a"});
  CHECK(world.spool->await(0, now));
  const Position end = world.spool->figures().end;
  std::thread waiting([&] { (void)world.spool->await(end, now + seconds(60)); });
  world.spool->stop();
  waiting.join();
  CHECK_FALSE(world.spool->await(0, now + seconds(60)));
}

TEST_CASE("spool: the interval mode syncs without another append", "[spool]") {
  SpoolWorld world;
  world.settings.fsync = spool::Fsync::interval;
  world.settings.fsync_interval = milliseconds(1);
  world.open();
  world.append({"a"});
  CHECK(world.read_all() == Texts{"a"});
  const auto segment = world.segment_files().front();
  const auto bound = std::chrono::steady_clock::now() + seconds(30);
  while (!world.files.synced(segment) && std::chrono::steady_clock::now() < bound) {
    std::this_thread::yield();
  }
  CHECK(world.files.synced(segment));
}

TEST_CASE("spool: a clock set back does not matter", "[spool]") {
  SpoolWorld world;
  world.open();
  world.append(numbers(0, 2, 3000));
  world.clock.advance(-std::chrono::hours(24 * 365));
  world.append(numbers(2, 2, 3000));
  world.open();
  world.append(numbers(4, 1));
  CHECK(world.read_all().size() == 5);
  CHECK(world.told.empty());
}

TEST_CASE("spool: works on the real file system", "[spool]") {
  const TempDir dir;
  SpoolWorld world;
  world.settings.directory = dir.path() / "a" / "spool";
  const auto open = [&] {
    world.spool.reset();
    world.spool = std::make_unique<spool::Spool>(real_file_system(), world.settings, world.clock,
                                                 world.damage());
  };
  open();
  for (std::size_t i = 0; i < 600; ++i) world.append({numbered(i, i)});
  CHECK(world.spool->figures().segments > 10);
  open();
  auto reader = world.spool->read(0);
  std::size_t n = 0;
  while (const auto frame = reader.next()) {
    REQUIRE(frame->payload == numbered(n, n));
    if (++n == 500) world.spool->release(frame->end);
  }
  CHECK(n == 600);
  CHECK(world.spool->figures().segments < 60);
  CHECK(world.spool->figures().disk_bytes < 300'000);
  const auto second = [&] {
    spool::Spool(real_file_system(), world.settings, world.clock, world.damage());
  };
  CHECK(code_of(second) == ErrorCode::locked);
  CHECK(world.told.empty());
}

TEST_CASE("spool: the age of the oldest frame is known without a file", "[spool]") {
  SpoolWorld world;
  world.open();
  CHECK_FALSE(world.spool->figures().oldest);
  std::vector<Timestamp> times;
  for (std::size_t i = 0; i < 12; ++i) {
    times.push_back(world.clock.now());
    world.append({numbered(i, 1000)});
    world.clock.advance(seconds(10));
  }
  CHECK(world.spool->figures().oldest == times[0]);
  auto reader = world.spool->read(0);
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    world.spool->release(reader.next()->end);
    CHECK(world.spool->figures().oldest == times[i + 1]);
  }
  world.open();
  CHECK(world.spool->figures().oldest == times.back());
  for (const auto& file : world.segment_files()) world.files.remove(file);
  CHECK(world.spool->figures().oldest == times.back());
  world.spool->release(world.spool->figures().end);
  CHECK_FALSE(world.spool->figures().oldest);
  times.push_back(world.clock.now());
  world.append({"a"});
  world.clock.advance(seconds(1));
  world.append({"b"});
  CHECK(world.spool->figures().oldest == times.back());
}

TEST_CASE("spool: an inspection says when frames went that it was to read", "[spool]") {
  SpoolWorld world;
  world.open();
  std::vector<Position> ends = {0};
  for (std::size_t i = 0; i < 12; ++i) ends.push_back(world.append({numbered(i, 1000)}));
  world.spool->release(ends[10]);
  const auto look = [&](Position from, const std::function<void()>& meanwhile = {}) {
    Texts seen;
    const auto each = [&](const spool::Frame& frame) {
      if (seen.empty() && meanwhile) meanwhile();
      seen.emplace_back(frame.payload);
    };
    const auto figures = spool::inspect(world.files, "/spool", each, world.damage(),
                                        [from](const spool::Figures&) { return from; });
    return std::pair(figures.missed, seen.size());
  };
  // Released, but not yet gone: its segment holds others.
  CHECK(look(ends[9]) == std::pair(false, std::size_t{3}));
  CHECK(look(ends[12]) == std::pair(false, std::size_t{0}));
  CHECK(look(ends[1]).first);
  // Gone while they were read.
  world.append({numbered(12, 3500)});
  world.append({numbered(13, 3500)});
  const auto release = [&] { world.spool->release(world.spool->figures().end); };
  CHECK(look(ends[10], release).first);
}

TEST_CASE("spool: inspect looks beside the owner and changes nothing", "[spool]") {
  SpoolWorld world;
  CHECK(code_of([&] { spool::inspect(world.files, "/spool", {}, world.damage()); }) ==
        ErrorCode::not_found);
  world.open();
  for (std::size_t i = 0; i < 9; ++i) world.append({numbered(i, 1000)});
  const std::size_t operations = world.files.operations();
  Texts seen;
  const auto figures = spool::inspect(
      world.files, "/spool", [&](const spool::Frame& f) { seen.emplace_back(f.payload); },
      world.damage());
  CHECK(seen == numbers(0, 9, 1000));
  CHECK(figures.end == world.spool->figures().end);
  CHECK(figures.id == world.spool->id());
  CHECK(spool::inspect(world.files, "/spool", {}, world.damage()).written.frames == 9);
  CHECK(world.files.operations() == operations);
  CHECK(world.told.empty());
}
