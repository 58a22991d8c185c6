// Brings a store's schema to a version and says where it stands.
//
// A step and its ledger row commit together; a lock lets one runner work at a time. The steps are
// those of storage/steps.h; what was applied must have the text that this binary has.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/steps.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::migrations {

using storage::Step;
// The steps compiled into this binary for one set, in order.
using storage::steps_of;

enum class State { applied, pending, unknown, changed };

struct StatusRow {
  std::int64_t version = 0;
  std::string name;
  State state{};
  std::optional<storage::LedgerRow> applied;
};

struct Status {
  std::vector<StatusRow> rows;
  std::int64_t current = 0;  // highest applied version
  std::int64_t newest = 0;   // highest version this binary knows
  bool pending() const { return current < newest; }
  bool newer_than_binary() const { return current > newest; }
};
Status status(storage::SchemaStore& store);

// Called before each step with its direction and name, for progress lines.
using Progress = std::function<void(std::string_view verb, const Step& step)>;

// Applies pending steps up to `to` (or all) and returns how many. Throws Error{drift} when an
// applied step's text differs from this binary's or the store is newer than the binary knows.
int up(storage::SchemaStore& store, std::optional<std::int64_t> to, microseconds lock_wait,
       const Clock& clock, const Progress& progress = {});
// Reverts steps above `to`, newest first, and returns how many. Throws like up().
int down(storage::SchemaStore& store, std::int64_t to, microseconds lock_wait,
         const Progress& progress = {});

// Throws unless the schema is exactly what this binary expects; the hint is the command to run.
void require_current(storage::SchemaStore& store);

}  // namespace logctl::migrations
