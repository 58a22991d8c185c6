#include "shared/backup/prune.h"

#include "shared/backup/id.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <filesystem>
#include <string>
#include <vector>

using namespace logctl;
using backup::judge;
using backup::Keep;
using backup::Manifest;

namespace {

std::vector<Manifest> at(const std::vector<std::string>& times) {
  std::vector<Manifest> backups;
  for (const std::string& time : times) {
    Manifest& one = backups.emplace_back();
    one.created_at = *parse_rfc3339(time);
    one.id = backup::id_at(one.created_at);
  }
  return backups;
}

std::vector<std::string> kept(const std::vector<Manifest>& backups, const Keep& keep) {
  std::vector<std::string> ids;
  for (const backup::Verdict& verdict : judge(backups, keep)) {
    if (!verdict.reasons.empty()) ids.push_back(verdict.id);
  }
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("backup: the newest is kept under every rule", "[backup]") {
  const auto backups = at({"2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"});
  CHECK(kept(backups, {}) == Ids{"20260102T000000Z"});
}

TEST_CASE("backup: of each day, week and month the newest is kept", "[backup]") {
  const auto backups = at({"2025-11-30T02:00:00Z", "2025-12-27T02:00:00Z", "2025-12-28T02:00:00Z",
                           "2025-12-29T02:00:00Z", "2026-01-03T02:00:00Z", "2026-01-04T02:00:00Z",
                           "2026-01-05T02:00:00Z", "2026-01-05T14:00:00Z"});
  CHECK(kept(backups, {.last = 2}) == Ids{"20260105T140000Z", "20260105T020000Z"});
  CHECK(kept(backups, {.daily = 2}) == Ids{"20260105T140000Z", "20260104T020000Z"});
  // Weeks begin on Monday: 29 December to 4 January is one.
  CHECK(kept(backups, {.weekly = 3}) ==
        Ids{"20260105T140000Z", "20260104T020000Z", "20251228T020000Z"});
  CHECK(kept(backups, {.monthly = 3}) ==
        Ids{"20260105T140000Z", "20251229T020000Z", "20251130T020000Z"});
  CHECK(kept(backups, {.last = 1, .monthly = 9}).size() == 3);
}

TEST_CASE("backup: a backup can be kept for more than one reason", "[backup]") {
  const auto verdicts = judge(at({"2026-01-05T02:00:00Z"}), {1, 1, 1, 1});
  CHECK(verdicts.front().reasons ==
        Ids{"newest", "last", "daily 2026-01-05", "weekly 2026-W02", "monthly 2026-01"});
}

TEST_CASE("backup: what was made last is the newest, whatever its clock said", "[backup]") {
  std::vector<Manifest> backups = at({"2026-01-02T00:00:00Z", "2026-01-02T00:00:01Z"});
  backups.back().created_at = *parse_rfc3339("2026-01-01T00:00:00Z");  // the clock was set back
  CHECK(kept(backups, {.last = 1}) == Ids{"20260102T000001Z"});
}

TEST_CASE("backup: a new id is above every id there is", "[backup]") {
  const Timestamp now = *parse_rfc3339("2026-01-02T00:00:00.5Z");
  CHECK(backup::next_id(std::nullopt, now) == "20260102T000000Z");
  CHECK(backup::next_id("20260101T000000Z", now) == "20260102T000000Z");
  CHECK(backup::next_id("20260102T000000Z", now) == "20260102T000001Z");
  CHECK(backup::next_id("20301231T235959Z", now) == "20310101T000000Z");
}

TEST_CASE("backup: the newest is found without its manifest, and only among ids", "[backup]") {
  const test::TempDir dir;
  const backup::Repository repository(dir.path(), std::nullopt);
  CHECK_THROWS(repository.resolve("latest"));
  for (const char* name : {"20260101T000000Z", "20260102T000000Z", "old", "20260102T000000Z.bad"}) {
    std::filesystem::create_directories(repository.backup(name));
  }
  CHECK(repository.newest() == "20260102T000000Z");
  CHECK(repository.resolve("latest") == "20260102T000000Z");
  CHECK_THROWS(repository.resolve("20260103T000000Z"));
}
