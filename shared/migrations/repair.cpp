#include "shared/migrations/repair.h"

#include "shared/base/error.h"
#include "shared/migrations/verify.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::migrations {
namespace {

using storage::LedgerRow;

LedgerRow row_of(const Step& step, const Clock& clock) {
  return {step.version, step.name, step.sha256, clock.now(), {}, LOGCTL_VERSION};
}

void require_objects(storage::SchemaStore& store, std::span<const Step> steps, std::size_t count) {
  const auto lacks = compare(expected_objects(store, steps, count), store.objects());
  if (lacks.empty()) return;
  throw Error(
      ErrorCode::drift,
      fmt::format("migrations: recording would hide that the store differs from steps 1 to "
                  "{}: {} is {}, {}{}",
                  count, lacks.front().subject, name_of(lacks.front().state), lacks.front().detail,
                  lacks.size() > 1 ? fmt::format(", and {} more", lacks.size() - 1) : ""),
      "bring the store to what the steps make, then try again; `logctl migrate verify` "
      "lists the differences");
}

}  // namespace

std::vector<Repair> plan_repair(storage::SchemaStore& store, std::span<const Step> steps,
                                const Clock& clock) {
  const Status now = status(store, steps);
  if (now.newer_than_binary()) refuse_drift(now);
  std::vector<Repair> repairs;
  bool records = false;
  for (const StatusRow& row : now.rows) {
    if (row.state == State::unknown) refuse_drift(now);
    const Step& step = steps[static_cast<std::size_t>(row.version - 1)];
    Repair repair{row.version, row.name, {}, {}, std::nullopt, std::nullopt};
    if (row.begun && row.state == State::changed) {
      const bool up = row.begun->direction == storage::Direction::up;
      repair.action = "start step anew";
      repair.reason = fmt::format(
          "begun with sha-256 {}, the text is now {}; {} of its statements "
          "were done and will run again",
          row.begun->sha256, up ? step.sha256 : step.down_sha256, row.begun->done);
      repair.journal = row.begun;
      repair.journal->sha256 = up ? step.sha256 : step.down_sha256;
      repair.journal->done = 0;
      repair.journal->failure.clear();
    } else if (row.state == State::changed) {
      repair.action = "record checksum";
      repair.reason =
          fmt::format("applied with sha-256 {}, the text is now {}; the store has what it makes",
                      row.applied->sha256, step.sha256);
      repair.ledger = *row.applied;
      repair.ledger->sha256 = step.sha256;
      repair.ledger->name = step.name;
      records = true;
    } else if (!row.applied && !row.begun && row.version < now.current) {
      repair.action = "record step";
      repair.reason = "later steps are applied, and the store has what this one makes";
      repair.ledger = row_of(step, clock);
      records = true;
    } else {
      continue;
    }
    repairs.push_back(std::move(repair));
  }
  if (records) require_objects(store, steps, static_cast<std::size_t>(now.current));
  return repairs;
}

std::vector<Repair> repair(storage::SchemaStore& store, std::span<const Step> steps,
                           microseconds lock_wait, const Clock& clock) {
  const auto lock = store.lock(lock_wait);
  std::vector<Repair> repairs = plan_repair(store, steps, clock);
  std::vector<LedgerRow> rows;
  for (const Repair& repair : repairs) {
    if (repair.ledger) rows.push_back(*repair.ledger);
    if (repair.journal) lock->begin(*repair.journal);
  }
  if (!rows.empty()) lock->record(rows);
  return repairs;
}

}  // namespace logctl::migrations
