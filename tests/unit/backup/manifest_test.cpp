#include "shared/backup/manifest.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <string>

using namespace logctl;
using backup::Manifest;
using backup::parse_manifest;
using backup::to_json;

namespace {

Manifest example() {
  Manifest manifest;
  manifest.id = "20260131T020000Z";
  manifest.type = "incremental";
  manifest.store = "postgres";
  manifest.target = "postgresql://db/\"quoted\"";
  manifest.schema = "public";
  manifest.schema_version = 7;
  manifest.created_at = *parse_rfc3339("2026-01-31T02:00:00.123456Z");
  manifest.took = microseconds(1'500'000);
  manifest.spooled = 12;
  backup::Partition old;
  old.name = "logs_20260129";
  old.digest.rows = 3;
  old.digest.hash = {1, 0xffffffffffffffffULL};
  old.digest.first = *parse_rfc3339("2026-01-29T00:00:00Z");
  old.digest.last = *parse_rfc3339("2026-01-29T23:00:00Z");
  old.columns = {"event_id", "timestamp"};
  old.file = backup::FileEntry{"days/logs_20260129.1.zst", 100, 1000, std::string(64, 'a')};
  old.stamp = "token";
  old.reused = true;
  backup::Partition open;
  open.name = "logs_20260131";
  open.digest.rows = 4;
  open.side = storage::ContentHash{5, 6};
  manifest.partitions = {old, open};
  manifest.tables = {{"api_keys", 2, {7, 8}, {"id"}}};
  manifest.files = {{"backups/20260131T020000Z/dump/toc.dat.zst", 50, 70, std::string(64, 'b')}};
  return manifest;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("backup: a manifest survives being written and read", "[backup]") {
  const std::string text = to_json(example());
  const Manifest read = parse_manifest(text);
  CHECK(to_json(read) == text);
  CHECK(read.rows() == 7);
  CHECK(read.bytes() == 150);
  CHECK(read.new_bytes() == 50);
  CHECK(read.partitions[0].digest.hash == example().partitions[0].digest.hash);
  CHECK_FALSE(read.partitions[1].file);
}

TEST_CASE("backup: fields that are not known are ignored", "[backup]") {
  const std::string text = to_json(example());
  CHECK(to_json(parse_manifest(replaced(text, "\"id\":", "\"later\":{\"x\":1},\"id\":"))) == text);
}

TEST_CASE("backup: what is not a manifest is refused by name", "[backup]") {
  const std::string text = to_json(example());
  CHECK_THROWS_WITH(parse_manifest("{}"), Catch::Contains("no `format`"));
  CHECK_THROWS_WITH(parse_manifest("nonsense"), Catch::Contains("not a manifest"));
  CHECK_THROWS_WITH(parse_manifest(replaced(text, "\"format\":1", "\"format\":2")),
                    Catch::Contains("format 2"));
  CHECK_THROWS_WITH(parse_manifest(replaced(text, "\"took_us\":1500000", "\"took_us\":\"x\"")),
                    Catch::Contains("`took_us`"));
  for (const char* path : {"../etc/passwd", "/etc/passwd", "days/../../x", ""}) {
    INFO(path);
    CHECK_THROWS_WITH(parse_manifest(replaced(text, "days/logs_20260129.1.zst", path)),
                      Catch::Contains("outside"));
  }
}
