// Under which name the store knows the spool, and what it cannot have seen of it.
#include "shared/spool/spool.h"
#include "tests/support/catch.h"
#include "tests/support/spool_world.h"

#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::test;
using spool::Position;
using Texts = std::vector<std::string>;

TEST_CASE("spool: what the store cannot have seen is known over restarts", "[spool]") {
  SpoolWorld world;
  world.open();
  CHECK(world.spool->unproven() == 0U);
  world.append({"a"});
  world.open();
  CHECK(world.spool->unproven() == 0U);
  world.append({"b"});
  world.spool->prove();
  CHECK_FALSE(world.spool->unproven());
  world.append({"c"});
  const Position end = world.spool->figures().end;
  world.kill();
  world.open();
  CHECK(world.spool->unproven() == end);
  world.append({"d"});
  world.kill();
  world.open();
  CHECK(world.spool->unproven() == end);
}

TEST_CASE("spool: its name in the store is its id, until it begins another", "[spool]") {
  SpoolWorld world;
  world.open();
  world.append({"a", "b"});
  CHECK(world.spool->source().name == world.spool->id());
  CHECK(world.spool->source().unbooked == 0);
  world.spool->begin_source(3);
  const std::string name = world.spool->source().name;
  CHECK(name != world.spool->id());
  CHECK_FALSE(world.spool->unproven());
  world.kill();
  world.open();
  CHECK(world.spool->source().name == name);
  CHECK(world.spool->figures().source.unbooked == 3);
  CHECK(world.read_all() == Texts{"a", "b"});

  // The name is as durable as the release: a full disk or a dead one changes nothing.
  world.files.fail_at(0, ErrorCode::io, true);
  CHECK_THROWS_AS(world.spool->begin_source(4), Error);
  CHECK(world.spool->source().name == name);
}

TEST_CASE("spool: a name that was lost is not guessed", "[spool]") {
  SpoolWorld world;
  world.open();
  for (std::size_t i = 0; i < 9; ++i) world.append({numbered(i, 1000)});
  // The second segment is now the first.
  auto reader = world.spool->read(0);
  for (int i = 0; i < 4; ++i) REQUIRE(reader.next());
  world.spool->release(reader.position());
  const std::string id = world.spool->id();
  const auto frames_gone = 9 - world.read_all().size();
  world.close();
  SECTION("gone") { world.files.remove("/spool/position"); }
  SECTION("damaged") { world.files.put("/spool/position", "logctl spool 1\nid x\n"); }
  world.open();
  CHECK(world.spool->id() == id);
  CHECK(world.spool->source().name != id);
  const auto waiting = world.read_all().size();
  CHECK(waiting >= 9 - frames_gone);
  CHECK(world.spool->source().unbooked == 3 * (9 - waiting));
}
