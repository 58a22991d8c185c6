// Is the store what its ledger says? The digest of every applied step, and whether everything that
// the applied steps make is there, as they make it. Looks only.
#pragma once

#include "shared/migrations/status.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::migrations {

struct Finding {
  enum class State { ok, changed, unknown, half_done, missing, different };
  std::string subject;  // "step 2 'keys'", "column logs.event_id"
  State state{};
  std::string detail;
};
std::string_view name_of(Finding::State state);

// One finding for each step that is applied, then one for each object that is missing or different.
// What the store has besides is nobody's business here: indexes of an administrator stay.
std::vector<Finding> verify(storage::SchemaStore& store, std::span<const Step> steps);

// The objects of `expected` that `found` lacks or has otherwise.
std::vector<Finding> compare(std::span<const storage::SchemaObject> expected,
                             std::span<const storage::SchemaObject> found);

// What the first `count` steps make, all of them run one after the other.
std::vector<storage::SchemaObject> expected_objects(storage::SchemaStore& store,
                                                    std::span<const Step> steps, std::size_t count);

}  // namespace logctl::migrations
