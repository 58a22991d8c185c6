// What a restore looks at before its first change, one check after the other.
//
// Nothing is changed; on PostgreSQL the first steps are tried in a transaction that is taken back.
#pragma once

#include "shared/backup/place.h"
#include "shared/backup/repository.h"
#include "shared/backup/restore.h"
#include "shared/base/error.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::backup {

struct RestoreCheck {
  std::string_view name;       // kind, time, schema, key, place, readiness, space, files
  std::string found;           // in words; empty when the check failed
  std::optional<Error> error;  // why the restore would not begin
};

struct RestorePlan {
  bool replaces = false;  // there is a store, and it would be set aside
  std::string aside;      // where to
  std::vector<RestoreCheck> checks;
};

// With `all`, goes on after a check that failed, as far as the others make sense; without, it is
// the last one.
RestorePlan plan_restore(const Repository& repository, const Manifest& manifest, Place& place,
                         const RestoreSettings& settings, bool all);

}  // namespace logctl::backup
