// Puts a backup back: into an empty place, or, when that was confirmed, in place of a store that is
// set aside first.
#pragma once

#include "shared/backup/place.h"
#include "shared/backup/repository.h"

#include <cstdint>
#include <optional>
#include <string>

namespace logctl::backup {

struct RestoreSettings {
  LoadSettings load;
  std::string confirmed;           // the name of the place whose store may be replaced
  std::optional<Timestamp> until;  // records received later are left out
  bool check_space = true;
};

struct RestoreReport {
  std::string backup;
  std::string set_aside;  // where the store is that was here before; empty: none was
  std::uint64_t rows = 0;
  std::uint64_t cut_off = 0;
  microseconds took{};
};

// Everything of plan_restore() (restore_plan.h) is looked at before anything is changed, and the
// result is compared with the manifest before records are cut off. Throws the error of the first
// check that failed, among them Error{conflict} naming what has to be confirmed, and Error{drift}
// when something does not match.
RestoreReport restore(const Repository& repository, const std::string& id, Place& place,
                      const RestoreSettings& settings);

}  // namespace logctl::backup
