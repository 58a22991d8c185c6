// A spool's directory that is not what the store knows under its name: restored from an older copy,
// or used twice. Nothing that was acknowledged may be skipped, however it grew since.
#include "shared/ingest/drainer.h"
#include "tests/support/catch.h"
#include "tests/support/drain_world.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

using namespace logctl;
using test::DrainWorld;
using Messages = std::vector<std::string>;
using Files = std::map<std::filesystem::path, std::string>;

namespace {

Files copy(DrainWorld& w) {
  Files files;
  for (const std::string& name : w.files.list(w.settings.directory)) {
    if (name != "lock")
      files[w.settings.directory / name] = w.files.content(w.settings.directory / name);
  }
  return files;
}

// Puts the copy in the place of what is there.
void restore(DrainWorld& w, const Files& files) {
  w.drainer.reset();
  w.close();
  for (const std::string& name : w.files.list(w.settings.directory)) {
    w.files.remove(w.settings.directory / name);
  }
  for (const auto& [path, content] : files) w.files.put(path, content);
  w.backlog = std::make_unique<ingest::Backlog>();
  w.open();
}

Messages put_many(DrainWorld& w, int first, int last) {
  Messages messages;
  for (int i = first; i <= last; ++i) {
    messages.push_back(std::to_string(i));
    w.put({messages.back()});
  }
  return messages;
}

bool has_all(DrainWorld& w, const Messages& wanted) {
  Messages stored = w.store.messages();
  std::ranges::sort(stored);
  return std::ranges::all_of(wanted, [&](const std::string& message) {
    return std::ranges::binary_search(stored, message);
  });
}

// What the spool was ever given under its present name is in the books of that name.
void check_books(DrainWorld& w) {
  const spool::Figures figures = w.spool->figures();
  std::uint64_t booked = 0;
  for (const storage::Account& entry : w.store.accounts()) {
    if (entry.source == figures.source.name && entry.what == "received") booked += entry.count;
  }
  CHECK(figures.written.received - figures.source.unbooked == booked);
  CHECK(w.store.position(figures.source.name) == figures.end);
  CHECK(w.accounting().difference() == 0);
  CHECK(w.backlog->depth().records == 0);
}

}  // namespace

TEST_CASE("drainer: a spool that was restored from an older copy loses nothing",
          "[ingest][drainer]") {
  DrainWorld w;
  put_many(w, 1, 10);
  w.start();
  REQUIRE(w.drained());
  Files older;
  enum { running, stopped, never_asked };
  const int taken = GENERATE(as<int>(), running, stopped, never_asked);
  if (taken == running) older = copy(w);
  if (taken == stopped) {
    w.drainer.reset();
    w.close();
    older = copy(w);
    w.open();
    w.start();
  }
  if (taken == never_asked) {
    w.drainer.reset();
    w.open();
    put_many(w, 11, 12);
    older = copy(w);
    w.start();
  }
  put_many(w, 100, 140);
  REQUIRE(w.drained());

  restore(w, older);
  Messages fresh;
  SECTION("and grows while the store is away, over a restart") {
    w.store.fail("away");
    w.start();
    for (const std::string& message : put_many(w, 200, 260)) fresh.push_back(message);
    CHECK(w.problem() == "away");
    w.restart();
    for (const std::string& message : put_many(w, 300, 360)) fresh.push_back(message);
    w.store.fail("");
  }
  SECTION("and the store is there at once") {
    w.start();
    fresh = put_many(w, 200, 220);
  }
  REQUIRE(w.drained());
  CHECK(has_all(w, fresh));
  CHECK(w.spool->source().name != w.spool->id());
  check_books(w);

  // From then on it is a spool like any other.
  const std::string name = w.spool->source().name;
  w.restart();
  for (const std::string& message : put_many(w, 400, 410)) fresh.push_back(message);
  REQUIRE(w.drained());
  CHECK(w.spool->source().name == name);
  CHECK(has_all(w, fresh));
  check_books(w);
}

TEST_CASE("drainer: a copy from before the store had anything is the spool itself",
          "[ingest][drainer]") {
  DrainWorld w;
  put_many(w, 1, 10);
  const Files older = copy(w);
  restore(w, older);
  w.start();
  const Messages fresh = put_many(w, 20, 30);
  REQUIRE(w.drained());
  CHECK(w.store.total_rows() == 21);
  CHECK(w.spool->source().name == w.spool->id());
  CHECK(has_all(w, fresh));
  check_books(w);
}

TEST_CASE("drainer: somebody else who moves the spool's position costs no record",
          "[ingest][drainer]") {
  DrainWorld w;
  put_many(w, 1, 10);
  w.start();
  REQUIRE(w.drained());
  // Another copy of the directory, in use somewhere else.
  const spool::Position end = w.spool->figures().end;
  storage::Origin origin;
  origin.source = w.spool->id();
  origin.move = storage::Origin::Move{end, end + 5000};
  w.store.append({}, origin);
  const Messages fresh = put_many(w, 20, 60);
  REQUIRE(w.drained());
  CHECK(has_all(w, fresh));
  check_books(w);
}

TEST_CASE("drainer: a lost position file costs a repetition, not a record", "[ingest][drainer]") {
  DrainWorld w;
  put_many(w, 1, 10);
  w.start();
  REQUIRE(w.drained());
  w.drainer.reset();
  const Messages waiting = put_many(w, 11, 20);
  w.close();
  w.files.remove(w.settings.directory / "position");
  w.restart();
  REQUIRE(w.drained());
  CHECK(w.store.total_rows() == 20);
  CHECK(has_all(w, waiting));
  check_books(w);
}
