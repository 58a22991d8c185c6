// Brings a store's schema to a version.
//
// A step and its ledger row commit together. A step whose text is marked as outside a transaction
// (storage/sql_text.h) is run statement by statement, with a journal in the store that says how far
// it has come; the next run goes on there. A lock lets one runner work at a time. What was applied
// must have the text that the runner has.
#pragma once

#include "shared/base/clock.h"
#include "shared/migrations/status.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace logctl::migrations {

// Called before each step with its direction ("apply", "continue", "revert") for progress lines.
using Progress = std::function<void(std::string_view verb, const Step& step)>;

class Runner {
 public:
  // `store` and `clock` must outlive the runner. `lock_wait`: how long another run may hold the
  // lock, or another session a table.
  Runner(storage::SchemaStore& store, std::vector<Step> steps, microseconds lock_wait,
         const Clock& clock, Progress progress = {});

  // Applies pending steps up to `to` (or all) and returns how many; a half-done one is finished.
  // Throws Error{drift} when an applied step's text differs from the runner's or the store is newer
  // than it knows, Error{locked} naming the holder, Error{usage} when there is no version `to`.
  int up(std::optional<std::int64_t> to = std::nullopt);
  // Reverts steps above `to`, newest first, and returns how many. Throws like up().
  int down(std::int64_t to);

 private:
  using Lock = storage::SchemaStore::Lock;
  void require_known(std::int64_t version) const;
  const Step& step_at(std::int64_t version) const;
  void apply(Lock& lock, const Step& step, const std::optional<storage::JournalRow>& begun);
  void revert(Lock& lock, const Step& step, const std::optional<storage::JournalRow>& begun);
  // Runs the statements that are not known to be done.
  void run_journalled(Lock& lock, const Step& step, storage::Direction direction,
                      const std::optional<storage::JournalRow>& begun);

  storage::SchemaStore& store_;
  const std::vector<Step> steps_;
  const microseconds lock_wait_;
  const Clock& clock_;
  const Progress progress_;
};

// The same with the steps compiled in.
int up(storage::SchemaStore& store, std::optional<std::int64_t> to, microseconds lock_wait,
       const Clock& clock, const Progress& progress = {});
int down(storage::SchemaStore& store, std::int64_t to, microseconds lock_wait,
         const Progress& progress = {});

}  // namespace logctl::migrations
