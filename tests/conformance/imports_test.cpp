#include "tests/conformance/world.h"

using namespace logctl;
using namespace logctl::test;
using storage::Import;
using storage::ImportRange;

namespace {

Import import_of(const std::string& id, const std::string& file, Timestamp updated) {
  Import import;
  import.id = id;
  import.tenant = "default";
  import.file = {file, 123, at("2026-03-09T01:02:03.456789Z"), 42, "head", "tail"};
  import.started_at = at("2026-03-10T11:00:00Z");
  import.updated_at = updated;
  import.tool_version = "1.2.3";
  return import;
}

}  // namespace

TEST_CASE("imports: an import comes back as it was saved, after reopening too", "[imports]") {
  World world;
  CHECK(world.backend.imports->find("default", "/a").empty());
  Import import = import_of("one", "/a", world.clock.now());
  import.file.inode = 0xFFFF'FFFF'FFFF'FFFFULL;
  import.ranges = {{0, 10, 1, 2, 3, 4}, { 1ULL << 40U, (1ULL << 40U) + 5, 5, 6, 7, 8 }};
  world.backend.imports->save(import);
  world.reopen();
  const std::vector<Import> found = world.backend.imports->find("default", "/a");
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == "one");
  CHECK(found[0].tenant == "default");
  CHECK(found[0].file.name == "/a");
  CHECK(found[0].file.size == 123);
  CHECK(found[0].file.modified_at == import.file.modified_at);
  CHECK(found[0].file.inode == import.file.inode);
  CHECK(found[0].file.head_sha256 == "head");
  CHECK(found[0].file.tail_sha256 == "tail");
  CHECK(found[0].started_at == import.started_at);
  CHECK(found[0].updated_at == import.updated_at);
  CHECK_FALSE(found[0].finished_at);
  CHECK(found[0].tool_version == "1.2.3");
  REQUIRE(found[0].ranges.size() == 2);
  CHECK(found[0].ranges[0].end == 10);
  CHECK(found[0].ranges[1].begin == 1ULL << 40U);
  CHECK(found[0].ranges[1].lines == 5);
  CHECK(found[0].ranges[1].stored == 6);
  CHECK(found[0].ranges[1].duplicates == 7);
  CHECK(found[0].ranges[1].rejected == 8);
}

TEST_CASE("imports: saving again replaces", "[imports]") {
  World world;
  Import import = import_of("one", "/a", world.clock.now());
  import.ranges = {{0, 10, 0, 0, 0, 0}, { 20, 30, 0, 0, 0, 0 }};
  world.backend.imports->save(import);
  import.ranges = {{ 0, 30, 3, 0, 0, 0 }};
  import.finished_at = world.clock.now();
  import.file.size = 124;
  world.backend.imports->save(import);
  const std::vector<Import> found = world.backend.imports->find("default", "/a");
  REQUIRE(found.size() == 1);
  CHECK(found[0].finished_at == world.clock.now());
  CHECK(found[0].file.size == 124);
  REQUIRE(found[0].ranges.size() == 1);
  CHECK(found[0].ranges[0].lines == 3);
}

TEST_CASE("imports: a file's own are found, the last one first", "[imports]") {
  World world;
  storage::ImportStore& imports = *world.backend.imports;
  imports.save(import_of("old", "/a", world.clock.now()));
  imports.save(import_of("new", "/a", world.clock.now() + seconds(2)));
  imports.save(import_of("between", "/a", world.clock.now() + seconds(1)));
  imports.save(import_of("other", "/b", world.clock.now()));
  Import foreign = import_of("foreign", "/a", world.clock.now());
  foreign.tenant = "acme";
  foreign.ranges = {{0, 1, 1, 1, 0, 0}};
  imports.save(foreign);
  Ids ids;
  for (const Import& import : imports.find("default", "/a")) {
    ids.push_back(import.id);
    CHECK(import.ranges.empty());
  }
  CHECK(ids == Ids{"new", "between", "old"});
  CHECK(imports.find("acme", "/a").size() == 1);
}
