#include "shared/migrations/runner.h"

#include "shared/base/error.h"
#include "shared/storage/sql_text.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace logctl::migrations {
namespace {

using std::chrono::steady_clock;
using storage::Direction;
using storage::JournalRow;
using storage::LedgerRow;

// What the store advises; nothing where that is to do what is just being done.
std::string own_hint(const Error& error) {
  const bool circular = error.hint().find("`logctl migrate up`") != std::string::npos;
  return circular ? std::string() : error.hint();
}

Error with_hint(const Error& error, std::string_view hint) {
  return own_hint(error).empty() ? Error(error.code(), error.message(), std::string(hint)) : error;
}

}  // namespace

Runner::Runner(storage::SchemaStore& store, std::vector<Step> steps, microseconds lock_wait,
               const Clock& clock, Progress progress)
    : store_(store),
      steps_(std::move(steps)),
      lock_wait_(lock_wait),
      clock_(clock),
      progress_(std::move(progress)) {}

void Runner::require_known(std::int64_t version) const {
  const auto newest = static_cast<std::int64_t>(steps_.size());
  if (version < 0 || version > newest) {
    throw Error(
        ErrorCode::usage,
        fmt::format("migrations: there is no version {}, expected 0 to {}", version, newest));
  }
}

const Step& Runner::step_at(std::int64_t version) const {
  return steps_[static_cast<std::size_t>(version - 1)];
}

int Runner::up(std::optional<std::int64_t> to) {
  if (to) require_known(*to);
  const std::int64_t target = to.value_or(static_cast<std::int64_t>(steps_.size()));
  const auto has_work = [&](const Status& status) {
    return status.current < target || (status.half_done && status.half_done->version <= target);
  };

  // Without work to do there is no lock to wait for.
  const Status before = status(store_, steps_);
  refuse_drift(before);
  if (!has_work(before)) return 0;

  const auto lock = store_.lock(lock_wait_);
  const Status now = status(store_, steps_);  // another runner may have been quicker
  refuse_drift(now);
  if (!has_work(now)) return 0;
  // A step that was half reverted is still in the ledger: it is applied once more.
  const bool again = now.half_done && now.half_done->version <= now.current;
  int applied = 0;
  for (std::int64_t version = again ? now.half_done->version : now.current + 1; version <= target;
       ++version) {
    if (version <= now.current && version != now.half_done->version) continue;
    apply(*lock, step_at(version), now.half_done);
    ++applied;
  }
  return applied;
}

int Runner::down(std::int64_t to) {
  require_known(to);
  const auto lock = store_.lock(lock_wait_);
  const Status now = status(store_, steps_);
  refuse_drift(now);
  int reverted = 0;
  const std::int64_t half_done = now.half_done ? now.half_done->version : 0;
  for (std::int64_t version = std::max(now.current, half_done); version > to; --version) {
    revert(*lock, step_at(version), now.half_done);
    ++reverted;
  }
  return reverted;
}

void Runner::apply(Lock& lock, const Step& step, const std::optional<JournalRow>& begun) {
  const bool going_on = begun && begun->version == step.version;
  if (progress_) progress_(going_on ? "continue" : "apply", step);
  LedgerRow row{step.version, step.name, step.sha256, clock_.now(), {}, LOGCTL_VERSION};
  if (storage::is_transactional(step.up)) {
    try {
      lock.apply(step.up, row);
    } catch (const Error& error) {
      // The ledger was lost, or another tool made the tables.
      const bool there = error.message().find("already exists") != std::string::npos;
      throw with_hint(error, there ? "nothing of this step was done; if the store has all of it "
                                     "already, `logctl migrate baseline --dry-run` says what "
                                     "could be recorded without running it"
                                   : "nothing of this step was done; mend the cause, then run "
                                     "`logctl migrate up` again");
    }
    return;
  }
  const auto start = steady_clock::now();
  run_journalled(lock, step, Direction::up, begun);
  row.took = std::chrono::duration_cast<microseconds>(steady_clock::now() - start);
  lock.end(step.version, row);
}

void Runner::revert(Lock& lock, const Step& step, const std::optional<JournalRow>& begun) {
  if (progress_) progress_("revert", step);
  if (storage::is_transactional(step.down)) {
    try {
      lock.revert(step.down, step.version, step.name);
    } catch (const Error& error) {
      throw with_hint(error,
                      "nothing of this step was reverted; mend the cause, then run "
                      "`logctl migrate down` again");
    }
    // Its up may be outside a transaction, and half done.
    if (begun && begun->version == step.version) lock.end(step.version, std::nullopt);
    return;
  }
  run_journalled(lock, step, Direction::down, begun);
  lock.end(step.version, std::nullopt);
}

void Runner::run_journalled(Lock& lock, const Step& step, Direction direction,
                            const std::optional<JournalRow>& begun) {
  const bool up = direction == Direction::up;
  const auto statements = storage::statements_of(up ? step.up : step.down);
  JournalRow row;
  row.version = step.version;
  row.name = step.name;
  row.direction = direction;
  row.sha256 = up ? step.sha256 : step.down_sha256;
  row.statements = statements.size();
  row.started_at = clock_.now();
  row.holder = storage::describe(storage::this_process(row.started_at));
  if (begun && begun->version == step.version && begun->direction == direction) {
    row.done = begun->done;
    row.started_at = begun->started_at;
  }
  for (; row.done < statements.size(); ++row.done) {
    lock.begin(row);
    try {
      lock.execute(statements[row.done]);
    } catch (const Error& error) {
      row.failure = error.message();
      try {
        lock.begin(row);
      } catch (const Error&) {
        // The store is gone or full: the journal says as much without the reason.
      }
      const std::string advice = own_hint(error);
      throw Error(
          error.code(),
          fmt::format("{} step {} '{}': statement {} of {}: {}", up ? "apply" : "revert",
                      step.version, step.name, row.done + 1, statements.size(), error.message()),
          fmt::format("mend the cause, then run `logctl migrate {}` again: it goes on with this "
                      "statement; when the cause is the file itself, change it and run `logctl "
                      "migrate repair` first{}",
                      up ? "up" : "down", advice.empty() ? "" : "; " + advice));
    }
  }
}

int up(storage::SchemaStore& store, std::optional<std::int64_t> to, microseconds lock_wait,
       const Clock& clock, const Progress& progress) {
  return Runner(store, steps_of(store.migration_set()), lock_wait, clock, progress).up(to);
}

int down(storage::SchemaStore& store, std::int64_t to, microseconds lock_wait,
         const Progress& progress) {
  return Runner(store, steps_of(store.migration_set()), lock_wait, system_clock(), progress)
      .down(to);
}

}  // namespace logctl::migrations
