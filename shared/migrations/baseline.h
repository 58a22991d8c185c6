// Takes a schema that was made without a ledger under the ledger's control.
#pragma once

#include "shared/base/clock.h"
#include "shared/migrations/status.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace logctl::migrations {

// The steps whose objects the store has, all of them and as the steps make them: those up to `to`,
// or the longest such run. A step at its end that makes nothing cannot be told from one that was
// never run and is left out. Throws Error{conflict} when there is a ledger already, or when
// something is missing, naming it; Error{usage} when there is no version `to`.
std::vector<storage::LedgerRow> plan_baseline(storage::SchemaStore& store,
                                              std::span<const Step> steps,
                                              std::optional<std::int64_t> to, const Clock& clock);

// Records them as applied, under the lock, and returns them.
std::vector<storage::LedgerRow> baseline(storage::SchemaStore& store, std::span<const Step> steps,
                                         std::optional<std::int64_t> to, microseconds lock_wait,
                                         const Clock& clock);

}  // namespace logctl::migrations
