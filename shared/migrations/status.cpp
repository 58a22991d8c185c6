#include "shared/migrations/status.h"

#include "shared/base/error.h"
#include "shared/storage/sql_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace logctl::migrations {
namespace {

constexpr std::string_view kUpgradeHint =
    "install a newer logctl, or point this one at another store";
constexpr std::string_view kMigrateHint = "run `logctl migrate up`";
constexpr std::string_view kChangedHint =
    "restore the file as it was when it was applied, and put the change into a new step; or see "
    "`logctl migrate repair --dry-run`";

constexpr std::string_view kBegunHint =
    "restore the file as it was when it was begun; or, when the file was the mistake, `logctl "
    "migrate repair` lets the step begin anew with the new text (--dry-run shows what that means), "
    "and `logctl migrate up` applies it";

[[noreturn]] void drift(std::string message, std::string_view hint) {
  throw Error(ErrorCode::drift, "migrations: " + std::move(message), std::string(hint));
}

const std::string& digest(const Step& step, storage::Direction direction) {
  return direction == storage::Direction::up ? step.sha256 : step.down_sha256;
}

// How much a state asks for attention.
int weight(State state) {
  switch (state) {
    case State::applied:
      return 0;
    case State::pending:
      return 1;
    case State::half_done:
      return 2;
    case State::changed:
      return 3;
    case State::unknown:
      return 4;
  }
  return 4;
}

}  // namespace

std::string_view name_of(State state) {
  switch (state) {
    case State::applied:
      return "applied";
    case State::pending:
      return "pending";
    case State::half_done:
      return "half-done";
    case State::unknown:
      return "unknown";
    case State::changed:
      return "changed";
  }
  return "unknown";
}

bool Status::drifted() const {
  return std::any_of(rows.begin(), rows.end(), [](const StatusRow& row) {
    return row.state == State::unknown || row.state == State::changed;
  });
}

Status status(storage::SchemaStore& store, std::span<const Step> steps) {
  std::map<std::int64_t, StatusRow> rows;
  std::map<std::int64_t, const Step*> known;
  Status result;
  for (const Step& step : steps) {
    rows[step.version] =
        StatusRow{step.version, step.name, State::pending, std::nullopt, std::nullopt};
    known[step.version] = &step;
    result.newest = step.version;
  }
  for (storage::LedgerRow& applied : store.ledger()) {
    result.current = std::max(result.current, applied.version);
    StatusRow& row = rows[applied.version];
    const auto step = known.find(applied.version);
    if (step == known.end()) {
      row = StatusRow{applied.version, applied.name, State::unknown, std::nullopt, std::nullopt};
    } else {
      const bool same = applied.sha256.empty() || applied.sha256 == step->second->sha256;
      row.state = same ? State::applied : State::changed;
    }
    row.applied = std::move(applied);
  }
  if (const auto begun = store.journal()) {
    StatusRow& row = rows[begun->version];
    const auto step = known.find(begun->version);
    row.version = begun->version;
    row.begun = begun;
    if (step == known.end()) {
      row.name = begun->name;
      row.state = State::unknown;
    } else if (row.state != State::changed) {
      const bool same = begun->sha256 == digest(*step->second, begun->direction);
      row.state = same ? State::half_done : State::changed;
    }
    result.half_done = begun;
  }
  for (auto& [version, row] : rows) result.rows.push_back(std::move(row));
  return result;
}

Status status(storage::SchemaStore& store) {
  return status(store, steps_of(store.migration_set()));
}

std::vector<PartsRow> status_of_parts(storage::SchemaStore& store, std::span<const Step> steps) {
  std::map<std::int64_t, PartsRow> rows;
  std::size_t parts = 0;
  for (const std::string& name : store.parts()) {
    Status part;
    try {
      part = status(*store.part(name), steps);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found) continue;  // retention was quicker
      throw;
    }
    ++parts;
    for (const StatusRow& row : part.rows) {
      PartsRow& sum = rows[row.version];
      sum.version = row.version;
      sum.name = row.name;
      if (row.applied) ++sum.applied;
      if (weight(row.state) > weight(sum.state)) {
        sum.state = row.state;
        sum.example = name;
      }
    }
  }
  std::vector<PartsRow> result;
  for (auto& [version, row] : rows) {
    row.parts = parts;
    result.push_back(std::move(row));
  }
  return result;
}

void refuse_drift(const Status& status) {
  bool gap = false;
  for (const StatusRow& row : status.rows) {
    if (row.state == State::unknown) {
      drift(fmt::format("the store is at version {}, this binary knows versions up to {}",
                        std::max(status.current, row.version), status.newest),
            kUpgradeHint);
    }
    if (row.state == State::changed && row.begun) {
      drift(fmt::format("step {} '{}' was begun with other text than this binary's (sha-256 {})",
                        row.version, row.name, row.begun->sha256),
            kBegunHint);
    }
    if (row.state == State::changed) {
      drift(fmt::format("step {} '{}' was applied with other text than this binary's (sha-256 {})",
                        row.version, row.name, row.applied->sha256),
            kChangedHint);
    }
    if (row.state == State::pending) gap = true;
    if (gap && row.applied) {
      drift(
          fmt::format("step {} '{}' is applied, but an earlier one is not", row.version, row.name),
          "the ledger schema_migrations was changed by hand: see `logctl migrate repair "
          "--dry-run`");
    }
  }
}

void require_current(storage::SchemaStore& store) {
  const std::vector<Step> steps = steps_of(store.migration_set());
  const Status now = status(store, steps);
  refuse_drift(now);
  if (now.half_done) {
    drift(fmt::format("step {} '{}' is half done: {}", now.half_done->version, now.half_done->name,
                      describe(*now.half_done, steps)),
          kMigrateHint);
  }
  if (now.pending()) {
    drift(fmt::format("the store's schema is at version {}, this binary needs {}", now.current,
                      now.newest),
          kMigrateHint);
  }
}

std::string describe(const storage::JournalRow& row, std::span<const Step> steps) {
  std::string text = fmt::format("{} of {} statements are done", row.done, row.statements);
  if (row.direction == storage::Direction::down) text = "going down, " + text;
  for (const Step& step : steps) {
    if (step.version != row.version || digest(step, row.direction) != row.sha256) continue;
    const auto statements =
        storage::statements_of(row.direction == storage::Direction::up ? step.up : step.down);
    if (row.done < statements.size()) {
      text += fmt::format(", next is `{}`", storage::headline(statements[row.done]));
    }
  }
  text += "; begun by " + row.holder;
  if (!row.failure.empty()) text += "; ended by: " + row.failure;
  return text;
}

}  // namespace logctl::migrations
