// What the commands below `logctl backup` do; backup.cpp says how they are called.
//
// Each returns the exit status or throws. `jobs` 0 and empty paths mean the configured ones.
#pragma once

#include "cli/context.h"
#include "shared/backup/prune.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace logctl::cli {

struct CreateBackup {
  std::string type = "incremental";
  std::uint32_t jobs = 0;
  bool skip_space_check = false;
  bool dry_run = false;
};
int create_backup(Context& context, const CreateBackup& options);

int list_backups(Context& context);

struct VerifyBackup {
  std::vector<std::string> ids;  // none: all
  std::uint32_t jobs = 0;
};
// Exit status 7 when something is damaged.
int verify_backup(Context& context, const VerifyBackup& options);

struct DrillBackup {
  std::string id = "latest";
  std::string url;       // of another server for the scratch database
  std::string scratch;   // folder for unpacked files
  std::string textfile;  // for node_exporter
  std::uint32_t jobs = 0;
};
// Exit status 8 when the restored data is not what the manifest says.
int drill_backup(Context& context, const DrillBackup& options);

struct RestoreBackup {
  std::string id;
  std::string confirm;
  std::string until;
  std::string scratch;
  std::uint32_t jobs = 0;
  bool skip_space_check = false;
  bool dry_run = false;
};
// With `dry_run` the exit status is that of the first check that failed.
int restore_backup(Context& context, const RestoreBackup& options);

struct PruneBackups {
  std::optional<std::uint32_t> last, daily, weekly, monthly;
  bool dry_run = false;
};
int prune_backups(Context& context, const PruneBackups& options);

}  // namespace logctl::cli
