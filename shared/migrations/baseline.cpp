#include "shared/migrations/baseline.h"

#include "shared/base/error.h"
#include "shared/migrations/verify.h"

#include <fmt/format.h>

namespace logctl::migrations {
namespace {

Error lacking(std::size_t version, const std::vector<Finding>& lacks) {
  return Error(
      ErrorCode::conflict,
      fmt::format("migrations: the store is not at version {}: {} is {}, {}{}", version,
                  lacks.front().subject, name_of(lacks.front().state), lacks.front().detail,
                  lacks.size() > 1 ? fmt::format(", and {} more", lacks.size() - 1) : ""),
      "choose the version that it is at with --to, or bring it to this one first; in an empty "
      "store run `logctl migrate up`");
}

}  // namespace

std::vector<storage::LedgerRow> plan_baseline(storage::SchemaStore& store,
                                              std::span<const Step> steps,
                                              std::optional<std::int64_t> to, const Clock& clock) {
  if (to && (*to < 1 || *to > static_cast<std::int64_t>(steps.size()))) {
    throw Error(
        ErrorCode::usage,
        fmt::format("migrations: there is no version {}, expected 1 to {}", *to, steps.size()));
  }
  const Status now = status(store, steps);
  if (now.current > 0 || now.half_done) {
    throw Error(
        ErrorCode::conflict,
        fmt::format("migrations: the store has a ledger already, at version {}", now.current),
        "`logctl migrate status` shows it; `logctl migrate up` goes on from there");
  }
  const std::vector<storage::SchemaObject> found = store.objects();
  std::size_t version = 0;
  if (to) {
    version = static_cast<std::size_t>(*to);
    const auto lacks = compare(expected_objects(store, steps, version), found);
    if (!lacks.empty()) throw lacking(version, lacks);
  } else {
    std::vector<storage::SchemaObject> before;
    std::vector<Finding> lacks;
    for (std::size_t count = 1; count <= steps.size(); ++count) {
      std::vector<storage::SchemaObject> expected = expected_objects(store, steps, count);
      const auto differences = compare(expected, found);
      if (differences.empty() && expected != before) version = count;
      if (lacks.empty()) lacks = differences;
      before = std::move(expected);
    }
    if (version == 0) throw lacking(1, lacks);
  }
  std::vector<storage::LedgerRow> rows;
  for (const Step& step : steps.first(version)) {
    rows.push_back({step.version, step.name, step.sha256, clock.now(), {}, LOGCTL_VERSION});
  }
  return rows;
}

std::vector<storage::LedgerRow> baseline(storage::SchemaStore& store, std::span<const Step> steps,
                                         std::optional<std::int64_t> to, microseconds lock_wait,
                                         const Clock& clock) {
  const auto lock = store.lock(lock_wait);
  std::vector<storage::LedgerRow> rows = plan_baseline(store, steps, to, clock);
  lock->record(rows);
  return rows;
}

}  // namespace logctl::migrations
