// `logctl migrate up|down`.
#include "cli/arguments.h"
#include "cli/commands/migrate_actions.h"
#include "shared/base/error.h"
#include "shared/config/target.h"
#include "shared/migrations/runner.h"
#include "shared/storage/process_lock.h"
#include "shared/storage/schema.h"
#include "shared/storage/sql_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace logctl::cli::migrate {
namespace {

// Counting on would take long, and nobody decides otherwise for a larger number.
constexpr std::uint64_t kMostCounted = 1'000'000;

migrations::Progress progress(Context& context, std::string part = {}) {
  return [&context, part](std::string_view verb, const migrations::Step& step) {
    context.out().note(fmt::format("{} {:04} {}{}{}", verb, step.version, step.name,
                                   part.empty() ? "" : " in ", part));
  };
}

int print_plan(Context& context, const std::vector<Planned>& steps) {
  std::vector<Row> rows;
  for (const Planned& one : steps) {
    rows.push_back({one.step.version, one.step.name,
                    one.half_done && one.up ? "continue"
                    : one.up                ? "apply"
                                            : "revert",
                    one.set, one.parts.size()});
  }
  context.out().table({"version", "name", "action", "set", "day_files"}, rows);
  return 0;
}

// Does `change` to each part and returns how many it changed.
template <typename Change>
int for_each_part(storage::SchemaStore& store, Change change) {
  int changed = 0;
  for (const std::string& name : store.parts()) {
    std::unique_ptr<storage::SchemaStore> part;
    try {
      part = store.part(name);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found) continue;  // retention was quicker
      throw;
    }
    try {
      if (change(*part, name) > 0) ++changed;
    } catch (const Error& error) {
      throw error.within(fmt::format("day {}", name));
    }
  }
  return changed;
}

int report(Context& context, std::string_view verb, int count, int days, const Sources& sources,
           std::vector<Field> more = {}) {
  storage::Backend& store = context.backend();
  const migrations::Status status = migrations::status(*store.schema, sources.main());
  std::vector<Field> fields = {{std::string(verb), count},
                               {"version", status.current},
                               {"newest", status.newest},
                               {"store", store.target}};
  if (store.kind == "sqlite") fields.emplace_back("day_files", days);
  for (Field& field : more) fields.push_back(std::move(field));
  context.out().object(fields);
  return 0;
}

struct Loss {
  std::int64_t version = 0;  // of the step
  std::string what;
  std::optional<std::uint64_t> rows;  // unknown when a condition picks them
};

std::uint64_t rows_in(storage::SchemaStore& store, const Planned& step, const std::string& table) {
  if (step.parts.empty()) return store.rows_of(table, kMostCounted + 1).value_or(0);
  std::uint64_t rows = 0;
  for (const std::string& part : step.parts) {
    if (rows > kMostCounted) break;
    rows += store.part(part)->rows_of(table, kMostCounted + 1).value_or(0);
  }
  return rows;
}

// What the steps that are to be reverted take away, with the rows that are there now; the same
// thing once, whichever step takes it first.
std::vector<Loss> losses(storage::Backend& store, const std::vector<Planned>& steps) {
  std::vector<Loss> result;
  for (const Planned& one : steps) {
    for (const storage::Destroyed& gone : storage::destroyed_by(one.step.down)) {
      Loss loss{one.step.version, {}, {}};
      if (!gone.column.empty()) {
        loss.what = fmt::format("column {}.{}", gone.table, gone.column);
      } else {
        loss.what = (gone.some_rows ? "some rows of table " : "table ") + gone.table;
      }
      if (std::ranges::find(result, loss.what, &Loss::what) != result.end()) continue;
      if (!gone.some_rows) loss.rows = rows_in(*store.schema, one, gone.table);
      result.push_back(std::move(loss));
    }
  }
  return result;
}

std::string text_of(const Loss& loss) {
  if (!loss.rows) return loss.what;
  if (*loss.rows > kMostCounted)
    return fmt::format("{} (more than {} rows)", loss.what, kMostCounted);
  return fmt::format("{} ({} row{})", loss.what, *loss.rows, *loss.rows == 1 ? "" : "s");
}

std::string list_of(const std::vector<Loss>& losses) {
  std::vector<std::string> texts;
  for (const Loss& loss : losses) texts.push_back(text_of(loss));
  return fmt::format("{}", fmt::join(texts, ", "));
}

int print_down_plan(Context& context, const std::vector<Planned>& steps,
                    const std::vector<Loss>& lost) {
  std::vector<Row> rows;
  for (const Planned& one : steps) {
    std::vector<Loss> own;
    std::ranges::copy_if(lost, std::back_inserter(own),
                         [&](const Loss& loss) { return loss.version == one.step.version; });
    rows.push_back({one.step.version, one.step.name, "revert", one.set, one.parts.size(),
                    own.empty() ? Value() : Value(list_of(own))});
  }
  context.out().table({"version", "name", "action", "set", "day_files", "destroys"}, rows);
  return 0;
}

// The version to go back to, from --to or --steps. Day files may differ: the newest counts.
std::int64_t target_of(storage::Backend& store, const Sources& sources, const Options& options) {
  if (options.to) return *options.to;
  std::int64_t current = 0;
  if (options.days) {
    for (const auto& row : migrations::status_of_parts(*store.schema, sources.parts())) {
      if (row.applied > 0) current = row.version;
    }
  } else {
    const migrations::Status now = migrations::status(*store.schema, sources.main());
    current = std::max(now.current, now.half_done ? now.half_done->version : 0);
  }
  if (*options.steps > current) {
    throw Error(ErrorCode::usage, fmt::format("--steps: the store is at version {}, it cannot go "
                                              "down {} steps",
                                              current, *options.steps));
  }
  return current - *options.steps;
}

}  // namespace

int up(Context& context, const Options& options) {
  const std::string set = set_of(context);
  const Sources sources(set, options);
  // Before anything is made or applied.
  if (!options.with.empty() && set == "sqlite") throw storage::no_such_feature(options.with);
  if (options.dry_run) {
    std::optional<storage::Backend> store = look(context);
    if (store) require_days(*store, options);
    std::vector<Planned> steps = planned(store ? &*store : nullptr, sources, options);
    std::erase_if(steps, [](const Planned& one) { return !one.up; });
    return print_plan(context, steps);
  }
  storage::Backend& store = context.backend();
  require_days(store, options);
  if (!options.with.empty()) feature(store, options.with);
  int applied = 0;
  if (!options.days) {
    applied = migrations::Runner(*store.schema, sources.main(), options.lock_timeout,
                                 context.clock(), progress(context))
                  .up(options.to);
  }
  int days = 0;
  if (!options.to || options.days) {
    days = for_each_part(*store.schema, [&](storage::SchemaStore& part, const std::string& name) {
      return migrations::Runner(part, sources.parts(), options.lock_timeout, context.clock(),
                                progress(context, name))
          .up(options.to);
    });
  }
  for (const Feature& one : features(store, options)) {
    applied += migrations::Runner(*one.store, one.steps, options.lock_timeout, context.clock(),
                                  progress(context, one.set))
                   .up();
  }
  return report(context, "applied", applied, days, sources);
}

namespace {

// The optional part is of definitions only: nothing is destroyed.
int take_away(Context& context, const Options& options) {
  const Feature one = feature(context.backend(), options.without);
  const migrations::Status now = migrations::status(*one.store, one.steps);
  if (options.dry_run) {
    std::vector<Planned> steps;
    for (auto row = now.rows.rbegin(); row != now.rows.rend(); ++row) {
      const bool known = row->version <= static_cast<std::int64_t>(one.steps.size());
      if (!row->applied || !known) continue;
      steps.push_back({one.steps[static_cast<std::size_t>(row->version - 1)], one.set, false});
    }
    return print_plan(context, steps);
  }
  const int reverted = migrations::Runner(*one.store, one.steps, options.lock_timeout,
                                          context.clock(), progress(context, one.set))
                           .down(0);
  context.out().object(
      {{"reverted", reverted}, {"part", options.without}, {"store", context.backend().target}});
  return 0;
}

}  // namespace

int down(Context& context, const Options& options) {
  if (!options.without.empty()) return take_away(context, options);
  if (!options.to && !options.steps) {
    throw Error(ErrorCode::usage, "--to, --steps or --without is required",
                "see `logctl migrate down --help`");
  }
  const std::string set = set_of(context);
  const Sources sources(set, options);
  // Looks first: a store that does not exist is not made in order to take it down.
  storage::Backend found =
      storage::open_backend(*context.config(), context.clock(), storage::Access::read_only);
  require_days(found, options);
  Options resolved = options;
  resolved.to = target_of(found, sources, options);
  require_version(*resolved.to, sources, options);
  std::vector<Planned> steps = planned(&found, sources, resolved);
  std::erase_if(steps, [](const Planned& one) { return one.up; });
  const std::vector<Loss> lost = losses(found, steps);
  if (options.dry_run) {
    if (!lost.empty()) context.out().note("would destroy " + list_of(lost));
    return print_down_plan(context, steps, lost);
  }
  if (!steps.empty()) {
    require_confirmation(
        context,
        fmt::format("going down to version {} destroys {} in {}", *resolved.to,
                    lost.empty() ? "nothing but the steps' own definitions" : list_of(lost),
                    found.target),
        options.confirmed, "--confirm");
  }
  storage::require_no_daemon(config::home_directory(*context.config()), "migrate down");
  storage::Backend& store = context.backend();
  int reverted = 0;
  int days = 0;
  if (options.days) {
    days = for_each_part(*store.schema, [&](storage::SchemaStore& part, const std::string& name) {
      return migrations::Runner(part, sources.parts(), options.lock_timeout, context.clock(),
                                progress(context, name))
          .down(*resolved.to);
    });
  } else {
    reverted = migrations::Runner(*store.schema, sources.main(), options.lock_timeout,
                                  context.clock(), progress(context))
                   .down(*resolved.to);
  }
  return report(context, "reverted", reverted, days, sources,
                {{"destroyed", lost.empty() ? Value() : Value(list_of(lost))}});
}

}  // namespace logctl::cli::migrate
