#include "shared/spool/settings.h"

#include "tests/support/catch.h"

using namespace logctl;

TEST_CASE("spool settings: every option arrives, the directory has a default", "[spool]") {
  config::Config config;
  config.storage.data_dir = "/data";
  CHECK(spool::settings_of(config).directory == "/data/spool");
  CHECK(spool::settings_of(config).fsync == spool::Fsync::always);
  config.spool.directory = "/fast/disk";
  config.spool.segment_bytes = 1;
  config.spool.max_bytes = 2;
  config.spool.min_free = 3;
  config.spool.fsync = "interval";
  config.spool.fsync_interval = milliseconds(4);
  const spool::Settings settings = spool::settings_of(config);
  CHECK(settings.directory == "/fast/disk");
  CHECK(settings.segment_bytes == 1);
  CHECK(settings.max_bytes == 2);
  CHECK(settings.min_free == 3);
  CHECK(settings.fsync == spool::Fsync::interval);
  CHECK(settings.fsync_interval == milliseconds(4));
  config.spool.fsync = "none";
  CHECK(spool::settings_of(config).fsync == spool::Fsync::none);
}
