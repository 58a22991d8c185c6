#include "shared/migrations/runner.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace logctl::migrations {
namespace {

constexpr std::string_view kUpgradeHint =
    "install a newer logctl, or point this one at another store";
constexpr std::string_view kMigrateHint = "run `logctl migrate up`";

[[noreturn]] void drift(std::string message, std::string_view hint) {
  throw Error(ErrorCode::drift, "migrations: " + std::move(message), std::string(hint));
}

// Everything that makes applying or reverting a gamble.
void refuse_drift(const Status& status) {
  bool gap = false;
  for (const StatusRow& row : status.rows) {
    if (row.state == State::unknown) {
      drift(fmt::format("the store is at version {}, this binary knows versions up to {}",
                        status.current, status.newest),
            kUpgradeHint);
    }
    if (row.state == State::changed) {
      drift(fmt::format("step {} '{}' was applied with other text than this binary's (sha-256 {})",
                        row.version, row.name, row.applied->sha256),
            "restore the file as it was when it was applied, and put the change into a new step");
    }
    if (row.state == State::pending) gap = true;
    if (gap && row.state == State::applied) {
      drift(
          fmt::format("step {} '{}' is applied, but an earlier one is not", row.version, row.name),
          "the ledger schema_migrations was changed by hand: put the missing row back");
    }
  }
}

const Step& step_at(const std::vector<Step>& steps, std::int64_t version) {
  return steps[static_cast<std::size_t>(version - 1)];
}

void require_known(std::int64_t version, const std::vector<Step>& steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  if (version < 0 || version > newest) {
    throw Error(
        ErrorCode::usage,
        fmt::format("migrations: there is no version {}, expected 0 to {}", version, newest));
  }
}

}  // namespace

Status status(storage::SchemaStore& store) {
  std::map<std::int64_t, StatusRow> rows;
  Status result;
  std::map<std::int64_t, std::string> digests;
  for (const Step& step : steps_of(store.migration_set())) {
    rows[step.version] = StatusRow{step.version, step.name, State::pending, std::nullopt};
    digests[step.version] = step.sha256;
    result.newest = step.version;
  }
  for (storage::LedgerRow& applied : store.ledger()) {
    result.current = std::max(result.current, applied.version);
    StatusRow& row = rows[applied.version];
    const auto known = digests.find(applied.version);
    if (known == digests.end()) {
      row = StatusRow{applied.version, applied.name, State::unknown, std::nullopt};
    } else {
      row.state = known->second == applied.sha256 ? State::applied : State::changed;
    }
    row.applied = std::move(applied);
  }
  for (auto& [version, row] : rows) result.rows.push_back(std::move(row));
  return result;
}

int up(storage::SchemaStore& store, std::optional<std::int64_t> to, microseconds lock_wait,
       const Clock& clock, const Progress& progress) {
  const std::vector<Step> steps = steps_of(store.migration_set());
  if (to) require_known(*to, steps);
  const std::int64_t target = to.value_or(static_cast<std::int64_t>(steps.size()));

  // Without work to do there is no lock to wait for.
  const Status before = status(store);
  refuse_drift(before);
  if (before.current >= target) return 0;

  const auto lock = store.lock(lock_wait);
  const Status now = status(store);  // another runner may have been quicker
  refuse_drift(now);
  int applied = 0;
  for (std::int64_t version = now.current + 1; version <= target; ++version) {
    const Step& step = step_at(steps, version);
    if (progress) progress("apply", step);
    lock->apply(step.up, storage::LedgerRow{step.version, step.name, step.sha256, clock.now(),
                                            microseconds(0), LOGCTL_VERSION});
    ++applied;
  }
  return applied;
}

int down(storage::SchemaStore& store, std::int64_t to, microseconds lock_wait,
         const Progress& progress) {
  const std::vector<Step> steps = steps_of(store.migration_set());
  require_known(to, steps);
  const auto lock = store.lock(lock_wait);
  const Status now = status(store);
  refuse_drift(now);
  int reverted = 0;
  for (std::int64_t version = now.current; version > to; --version) {
    const Step& step = step_at(steps, version);
    if (progress) progress("revert", step);
    lock->revert(step.down, step.version);
    ++reverted;
  }
  return reverted;
}

void require_current(storage::SchemaStore& store) {
  const Status now = status(store);
  refuse_drift(now);
  if (now.pending()) {
    drift(fmt::format("the store's schema is at version {}, this binary needs {}", now.current,
                      now.newest),
          kMigrateHint);
  }
}

}  // namespace logctl::migrations
