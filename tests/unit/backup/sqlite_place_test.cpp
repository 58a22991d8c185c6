#include "shared/backup/sqlite_place.h"

#include "shared/backup/create.h"
#include "shared/backup/drill.h"
#include "shared/backup/restore.h"
#include "shared/backup/verify.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/migrations/runner.h"
#include "shared/storage/sqlite/connection.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <optional>
#include <string>
#include <vector>

using namespace logctl;
using backup::Repository;
using backup::SqlitePlace;

namespace {

// A store with days far in the past, and a place for its backups.
struct World {
  test::TempDir folder;
  ManualClock clock{*parse_rfc3339("2026-01-15T12:00:00Z")};
  config::Config config;
  SqlitePlace place{folder.path() / "store"};
  Repository repository{folder.path() / "backups", std::nullopt};

  storage::Backend open() { return place.open(config, clock); }
  void migrate(std::optional<std::int64_t> to = {}) {
    migrations::up(*open().schema, to, seconds(5), clock);
  }
  void add(std::string_view time, std::string_view id) {
    LogRecord record;
    record.timestamp = *parse_rfc3339(time);
    record.received_at = clock.now();
    record.event_id = id;
    record.message = "m";
    const LogRecord* const pointer = &record;
    const auto result = open().logs->append({&pointer, 1}, {"test"});
    REQUIRE(result.outcomes == std::vector{Outcome::stored});
  }
  backup::Manifest create() {
    clock.advance(seconds(1));
    backup::CreateSettings settings;
    settings.tool_version = "test";
    return backup::create(repository, place, settings, clock);
  }
  backup::LoadSettings load() {
    backup::LoadSettings settings;
    settings.scratch = folder.path() / "scratch";
    return settings;
  }
  backup::DrillReport drill(const std::string& id) {
    return backup::drill(repository, id, place, load(), config, clock);
  }
};

}  // namespace

TEST_CASE("backup: a drill brings a backup of an older schema to the newest", "[backup]") {
  World world;
  const std::int64_t newest = storage::steps_of("sqlite").back().version;
  // The last version before the newest that has everything that an append needs.
  world.migrate(newest - 1);
  world.add("2026-01-10T10:00:00Z", "a");
  const backup::Manifest made = world.create();
  CHECK(made.schema_version == newest - 1);
  const backup::DrillReport report = world.drill(made.id);
  INFO((report.ok() ? std::string() : report.differences.front().what));
  CHECK(report.ok());
  CHECK(report.schema_from == newest - 1);
  CHECK(report.schema_to == newest);
  CHECK(report.rows == 1);
  CHECK_FALSE(std::filesystem::exists(world.load().scratch / "store"));
}

TEST_CASE("backup: a store that lost a row does not compare equal", "[backup]") {
  World world;
  world.migrate();
  world.add("2026-01-10T10:00:00Z", "a");
  world.add("2026-01-10T11:00:00Z", "b");
  const backup::Manifest made = world.create();
  CHECK(world.place.compare(made, 2).empty());
  {
    storage::sqlite::Connection day(world.folder.path() / "store/logs/2026-01-10.sqlite",
                                    storage::sqlite::Mode::read_write, seconds(1));
    day.execute("DELETE FROM logs WHERE event_id = 'b'");
  }
  const auto lost = world.place.compare(made, 2);
  REQUIRE(lost.size() == 2);  // the counts of minutes have changed with it
  CHECK(lost[0].where == "2026-01-10");
  CHECK(lost[0].what == "1 rows, the manifest says 2");
  world.add("2026-01-10T11:30:00Z", "c");
  const auto other = world.place.compare(made, 2);
  REQUIRE_FALSE(other.empty());
  CHECK(other[0].what == "as many rows as the manifest says, but their content differs");
}

TEST_CASE("backup: a day that is still open is copied every time", "[backup]") {
  World world;
  world.migrate();
  world.add("2026-01-10T10:00:00Z", "a");
  world.add("2026-01-15T10:00:00Z", "today");
  world.create();
  const backup::Manifest second = world.create();
  REQUIRE(second.partitions.size() == 2);
  CHECK(second.partitions[0].reused);
  CHECK_FALSE(second.partitions[1].reused);
  CHECK(second.partitions[1].file->path.starts_with("backups/" + second.id));
  CHECK(second.type == "incremental");
}

TEST_CASE("backup: what a dead run has left is removed, what backups need stays", "[backup]") {
  World world;
  world.migrate();
  world.add("2026-01-10T10:00:00Z", "a");
  const backup::Manifest first = world.create();
  std::filesystem::create_directories(world.repository.incoming("20260101T000000Z") / "dump");
  replace_file(world.repository.days() / "2026-01-09.00000000.zst", "half");
  world.create();
  CHECK_FALSE(std::filesystem::exists(world.repository.incoming("20260101T000000Z")));
  CHECK_FALSE(std::filesystem::exists(world.repository.days() / "2026-01-09.00000000.zst"));
  CHECK(backup::verify(world.repository, world.repository.ids(), 2).problems.empty());
  CHECK(std::filesystem::exists(world.repository.at(first.partitions[0].file->path)));
}

TEST_CASE("backup: while a manifest cannot be read, no day file is removed", "[backup]") {
  World world;
  world.migrate();
  world.add("2026-01-10T10:00:00Z", "a");
  const backup::Manifest first = world.create();
  replace_file(world.repository.backup(first.id) / "manifest.json", "{}");
  const backup::Repository::Swept swept = world.repository.sweep();
  CHECK(swept.blocked_by == first.id);
  CHECK(swept.files.empty());
  CHECK(std::filesystem::exists(world.repository.at(first.partitions[0].file->path)));
}

TEST_CASE("backup: a damaged backup is not restored, and nothing is changed", "[backup]") {
  World world;
  world.migrate();
  world.add("2026-01-10T10:00:00Z", "a");
  const backup::Manifest made = world.create();
  replace_file(world.repository.at(made.partitions[0].file->path), "other");
  backup::RestoreSettings settings;
  settings.load = world.load();
  settings.confirmed = "store";
  CHECK_THROWS_WITH(backup::restore(world.repository, made.id, world.place, settings),
                    Catch::Contains("is damaged") && Catch::Contains("nothing was changed"));
  CHECK(world.open().logs->total_rows() == 1);
}
