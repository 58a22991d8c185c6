#include "shared/backup/state.h"

#include "shared/base/file.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

using namespace logctl;
using backup::DrillState;

TEST_CASE("backup: the last good drill outlives a bad one", "[backup]") {
  const test::TempDir folder;
  CHECK_FALSE(backup::read_drill_state(folder.path()));
  DrillState good;
  good.backup = "a";
  good.ok = true;
  good.finished_at = *parse_rfc3339("2026-01-01T00:00:00Z");
  good.restore_seconds = 1.5;
  backup::write_drill_state(folder.path(), good);
  DrillState bad;
  bad.backup = "b";
  bad.finished_at = *parse_rfc3339("2026-01-02T00:00:00Z");
  backup::write_drill_state(folder.path(), bad);

  const auto read = backup::read_drill_state(folder.path());
  REQUIRE(read);
  CHECK(read->backup == "b");
  CHECK_FALSE(read->ok);
  CHECK(read->last_ok_at == good.finished_at);
  CHECK(backup::prometheus_text(*read).find(
            "\nlogctl_backup_last_drill_ok_timestamp 1767225600\n") != std::string::npos);

  replace_file(folder.path() / "drill.json", "{");
  CHECK_FALSE(backup::read_drill_state(folder.path()));
}

TEST_CASE("backup: the newest backup is known by its name", "[backup]") {
  const test::TempDir folder;
  CHECK_FALSE(backup::newest_backup_time(folder.path()));
  std::filesystem::create_directories(folder.path() / "backups" / "20210101T020304Z");
  std::filesystem::create_directories(folder.path() / "backups" / "20200101T020304Z");
  CHECK(backup::newest_backup_time(folder.path()) == *parse_rfc3339("2021-01-01T02:03:04Z"));
}
