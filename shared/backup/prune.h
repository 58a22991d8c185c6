// Which backups to keep, and removing the others. No backup depends on another one, and a day file
// stays as long as a manifest names it, so nothing that is kept is ever damaged.
#pragma once

#include "shared/backup/repository.h"

#include <cstdint>
#include <string>
#include <vector>

namespace logctl::backup {

struct Keep {
  std::uint32_t last = 0;     // the newest so many
  std::uint32_t daily = 0;    // the newest of each of the last so many days that have one
  std::uint32_t weekly = 0;   // of ISO weeks
  std::uint32_t monthly = 0;  // of months; all UTC
  bool nothing() const { return last + daily + weekly + monthly == 0; }
};

// What becomes of one backup.
struct Verdict {
  std::string id;
  Timestamp created_at{};
  std::vector<std::string> reasons;  // to keep it; none: it goes
};

// Newest first. The newest is always kept.
std::vector<Verdict> judge(const std::vector<Manifest>& backups, const Keep& keep);

struct Pruned {
  std::vector<Verdict> verdicts;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;  // that came free, or would
};
// Throws Error{drift} when a manifest cannot be read: what it needs is not known then.
Pruned prune(const Repository& repository, const Keep& keep, bool dry_run);

}  // namespace logctl::backup
