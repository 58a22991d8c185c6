#include "shared/backup/restore_plan.h"

#include "shared/backup/create.h"
#include "shared/backup/sqlite_place.h"
#include "shared/base/time_text.h"
#include "shared/migrations/runner.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <string>

using namespace logctl;
using backup::RestoreCheck;
using backup::RestorePlan;

namespace {

// A backup of an empty store, and a place that it could go to.
struct World {
  World() {
    migrations::up(*source.open(config, clock).schema, {}, seconds(5), clock);
    backup::CreateSettings making;
    making.tool_version = "9.9";
    manifest = backup::create(repository, source, making, clock);
    settings.load.scratch = folder.path();
  }
  RestorePlan plan(backup::Place& place, bool all = true) {
    return backup::plan_restore(repository, manifest, place, settings, all);
  }

  test::TempDir folder;
  ManualClock clock{*parse_rfc3339("2026-01-15T12:00:00Z")};
  config::Config config;
  backup::SqlitePlace source{folder.path() / "source"};
  backup::SqlitePlace target{folder.path() / "below" / "target"};
  backup::Repository repository{folder.path() / "backups", std::nullopt};
  backup::Manifest manifest;
  backup::RestoreSettings settings;
};

const RestoreCheck& check(const RestorePlan& plan, std::string_view name) {
  const auto found = std::find_if(plan.checks.begin(), plan.checks.end(),
                                  [&name](const RestoreCheck& one) { return one.name == name; });
  REQUIRE(found != plan.checks.end());
  return *found;
}

std::vector<std::string> failed(const RestorePlan& plan) {
  std::vector<std::string> names;
  for (const RestoreCheck& one : plan.checks) {
    if (one.error) names.emplace_back(one.name);
  }
  return names;
}

}  // namespace

TEST_CASE("restore plan: into an empty place nothing is in the way, and nothing is made",
          "[backup]") {
  World world;
  const RestorePlan plan = world.plan(world.target);
  CHECK(failed(plan).empty());
  CHECK_FALSE(plan.replaces);
  CHECK(check(plan, "files").found.find("all as they were written") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(world.folder.path() / "below"));
}

TEST_CASE("restore plan: a store is replaced only by its name, and the plan says where it goes",
          "[backup]") {
  World world;
  CHECK(failed(world.plan(world.source)) == std::vector<std::string>{"place"});
  world.settings.confirmed = "target";
  CHECK(failed(world.plan(world.source)) == std::vector<std::string>{"place"});
  world.settings.confirmed = "source";
  const RestorePlan plan = world.plan(world.source);
  CHECK(failed(plan).empty());
  CHECK(plan.replaces);
  CHECK(plan.aside == (world.folder.path() / "source/before-20260115T120000Z").string());
}

TEST_CASE("restore plan: all that is wrong is told, or the first of it", "[backup]") {
  World world;
  world.manifest.schema_version = 999;
  world.settings.until = world.manifest.created_at + seconds(1);
  replace_file(world.repository.at(world.manifest.files.front().path), "damaged");
  CHECK(failed(world.plan(world.target)) == std::vector<std::string>{"time", "schema", "files"});
  CHECK(failed(world.plan(world.target, false)) == std::vector<std::string>{"time"});
  CHECK(check(world.plan(world.target), "schema").error->hint() ==
        "restore it with logctl 9.9 or newer");
}

TEST_CASE("restore plan: a disk without room", "[backup]") {
  World world;
  world.manifest.files.front().raw_bytes = std::uint64_t{1} << 60;
  const RestorePlan full = world.plan(world.target);
  CHECK(failed(full) == std::vector<std::string>{"space"});
  CHECK(check(full, "space").error->code() == ErrorCode::disk_full);
  world.settings.check_space = false;
  CHECK(failed(world.plan(world.target)).empty());
}

TEST_CASE("restore plan: an older schema is no obstacle, and is told", "[backup]") {
  World world;
  world.manifest.schema_version = 1;
  const RestorePlan plan = world.plan(world.target);
  CHECK(failed(plan).empty());
  CHECK(check(plan, "schema").found.starts_with("version 1; `logctl migrate up` brings it to"));
}
