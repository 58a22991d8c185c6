#include "shared/storage/maintenance.h"

#include <fmt/format.h>

namespace logctl::storage {

Error maintenance_lock_error(const std::optional<LockHolder>& holder) {
  return Error(ErrorCode::locked,
               holder ? fmt::format("maintenance is being done by {}", describe(*holder))
                      : std::string("maintenance is being done by another process"),
               "one instance does it at a time; wait until that run has ended");
}

}  // namespace logctl::storage
