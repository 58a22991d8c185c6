// Where a store's schema stands, step by step, against the steps that this binary has.
#pragma once

#include "shared/storage/schema.h"
#include "shared/storage/steps.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::migrations {

using storage::Step;
// The steps compiled into this binary for one set, in order.
using storage::steps_of;

enum class State {
  applied,
  pending,
  half_done,  // outside a transaction, begun and not ended
  unknown,    // applied, but this binary has no such step
  changed,    // applied or begun with other text than this binary has
};
std::string_view name_of(State state);

struct StatusRow {
  std::int64_t version = 0;
  std::string name;
  State state{};
  std::optional<storage::LedgerRow> applied;
  std::optional<storage::JournalRow> begun;
};

struct Status {
  std::vector<StatusRow> rows;
  std::int64_t current = 0;  // highest applied version
  std::int64_t newest = 0;   // highest version this binary knows
  std::optional<storage::JournalRow> half_done;
  bool pending() const { return current < newest || half_done; }
  bool newer_than_binary() const { return current > newest; }
  bool drifted() const;
};
Status status(storage::SchemaStore& store, std::span<const Step> steps);
// Against the steps compiled in.
Status status(storage::SchemaStore& store);

// One step of the parts' set, over all parts (day files).
struct PartsRow {
  std::int64_t version = 0;
  std::string name;
  State state{};            // the worst of all parts
  std::size_t applied = 0;  // parts that have it
  std::size_t parts = 0;
  std::string example;  // the oldest part in that state
};
// Empty when the store has no parts.
std::vector<PartsRow> status_of_parts(storage::SchemaStore& store, std::span<const Step> steps);

// Throws Error{drift} for everything that makes applying or reverting a gamble.
void refuse_drift(const Status& status);
// Throws unless the schema is exactly what this binary expects; the hint is the command to run.
void require_current(storage::SchemaStore& store);

// "2 of 5 statements are done, next is `CREATE INDEX ...`; begun by process 7 on db1 since ...".
std::string describe(const storage::JournalRow& row, std::span<const Step> steps);

}  // namespace logctl::migrations
