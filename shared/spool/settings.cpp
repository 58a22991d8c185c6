#include "shared/spool/settings.h"

namespace logctl::spool {
namespace {

Fsync fsync_of(const std::string& mode) {
  if (mode == "interval") return Fsync::interval;
  if (mode == "none") return Fsync::none;
  return Fsync::always;
}

}  // namespace

Settings settings_of(const config::Config& config) {
  Settings settings;
  settings.directory =
      config.spool.directory.empty() ? config.storage.data_dir / "spool" : config.spool.directory;
  settings.segment_bytes = config.spool.segment_bytes;
  settings.max_bytes = config.spool.max_bytes;
  settings.min_free = config.spool.min_free;
  settings.fsync = fsync_of(config.spool.fsync);
  settings.fsync_interval = config.spool.fsync_interval;
  return settings;
}

}  // namespace logctl::spool
