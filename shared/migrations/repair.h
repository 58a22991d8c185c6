// Makes the ledger agree with the steps again, where the store itself is as they would make it.
#pragma once

#include "shared/base/clock.h"
#include "shared/migrations/status.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace logctl::migrations {

// One change to the ledger or the journal, with its reason for a person to judge.
struct Repair {
  std::int64_t version = 0;
  std::string name;
  std::string action;  // "record checksum", "record step", "start step anew"
  std::string reason;
  std::optional<storage::LedgerRow> ledger;
  std::optional<storage::JournalRow> journal;
};

// What is to be repaired; empty when nothing is. Throws Error{drift} when recording would hide that
// the store differs from the steps, naming what is missing, or when the store is newer.
std::vector<Repair> plan_repair(storage::SchemaStore& store, std::span<const Step> steps,
                                const Clock& clock);

// Does it, under the lock, and returns what was done.
std::vector<Repair> repair(storage::SchemaStore& store, std::span<const Step> steps,
                           microseconds lock_wait, const Clock& clock);

}  // namespace logctl::migrations
