#include "cli/commands/migrate_actions.h"
#include "shared/base/error.h"
#include "shared/config/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

namespace logctl::cli::migrate {
namespace {

constexpr const char* kDaySet = "sqlite-day";

// What brings one schema to its target, in the order in which it would run.
std::vector<Planned> planned(const migrations::Status& status, const std::string& set,
                             const std::vector<migrations::Step>& steps,
                             std::optional<std::int64_t> to) {
  std::vector<Planned> result;
  const std::int64_t target = to.value_or(static_cast<std::int64_t>(steps.size()));
  for (const migrations::Step& step : steps) {
    const migrations::StatusRow& row = status.rows[static_cast<std::size_t>(step.version - 1)];
    if (row.begun && step.version <= target) {
      result.push_back({step, set, true, true});
    } else if (!row.applied && !row.begun && step.version <= target) {
      result.push_back({step, set, true, false});
    } else if ((row.applied || row.begun) && step.version > target) {
      result.insert(result.begin(), {step, set, false, row.begun.has_value()});
    }
  }
  return result;
}

}  // namespace

Sources::Sources(const std::string& set, const Options& options) {
  const auto load = [&](std::string_view which) {
    folders_.push_back(std::make_unique<migrations::StepFolder>(options.directory, which));
    return folders_.back()->steps();
  };
  std::error_code none;
  const bool flat =
      !options.directory.empty() &&
      !std::filesystem::is_directory(std::filesystem::path(options.directory) / kDaySet, none);
  // A folder of one set's steps is for the schema that is asked about.
  const bool own_main = !options.directory.empty() && !(flat && options.days);
  const bool own_parts = !options.directory.empty() && (!flat || options.days);
  main_ = own_main ? load(set) : migrations::steps_of(set);
  if (set == "sqlite") parts_ = own_parts ? load(kDaySet) : migrations::steps_of(kDaySet);
}

std::optional<storage::Backend> look(Context& context) {
  try {
    return storage::open_backend(*context.config(), context.clock(), storage::Access::read_only);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  return std::nullopt;
}

std::string set_of(Context& context) {
  const bool postgres = config::store_target(*context.config()).kind == config::StoreKind::postgres;
  return postgres ? "postgres" : "sqlite";
}

migrations::Status nothing_applied(const std::vector<migrations::Step>& steps) {
  migrations::Status status;
  for (const migrations::Step& step : steps) {
    status.rows.push_back(
        {step.version, step.name, migrations::State::pending, std::nullopt, std::nullopt});
    status.newest = step.version;
  }
  return status;
}

std::vector<Feature> features(storage::Backend& store, const Options& options) {
  std::vector<Feature> result;
  if (options.days || options.to || options.steps || !options.directory.empty()) return result;
  for (const std::string& name : store.schema->features()) {
    Feature one = feature(store, name);
    if (name == options.with || !one.store->ledger().empty()) result.push_back(std::move(one));
  }
  // Says that there is none.
  if (!options.with.empty() && result.empty()) feature(store, options.with);
  return result;
}

Feature feature(storage::Backend& store, const std::string& name) {
  Feature one;
  one.store = store.schema->feature(name);
  one.set = one.store->migration_set();
  one.steps = migrations::steps_of(one.set);
  return one;
}

void require_days(const storage::Backend& store, const Options& options) {
  if (!options.days || store.kind == "sqlite") return;
  throw Error(ErrorCode::usage, "--days: only a SQLite store has day files",
              "leave --days out: a PostgreSQL store has one schema");
}

void require_version(std::int64_t version, const Sources& sources, const Options& options) {
  const auto newest =
      static_cast<std::int64_t>(options.days ? sources.parts().size() : sources.main().size());
  if (version >= 0 && version <= newest) return;
  throw Error(ErrorCode::usage,
              fmt::format("migrations: there is no version {}, expected 0 to {}", version, newest));
}

std::vector<Planned> planned(storage::Backend* store, const Sources& sources,
                             const Options& options) {
  std::vector<Planned> result;
  if (!options.days) {
    const migrations::Status now = store != nullptr
                                       ? migrations::status(*store->schema, sources.main())
                                       : nothing_applied(sources.main());
    migrations::refuse_drift(now);
    const bool postgres = store != nullptr && store->kind == "postgres";
    result = planned(now, postgres ? "postgres" : "sqlite", sources.main(), options.to);
  }
  if (store != nullptr) {
    for (const Feature& one : features(*store, options)) {
      const migrations::Status now = migrations::status(*one.store, one.steps);
      migrations::refuse_drift(now);
      for (Planned& step : planned(now, one.set, one.steps, std::nullopt)) {
        result.push_back(std::move(step));
      }
    }
  }
  // With a version, it is that of one schema.
  if (store == nullptr || (options.to && !options.days)) return result;
  std::map<std::pair<bool, std::int64_t>, Planned> by_step;
  for (const std::string& name : store->schema->parts()) {
    const migrations::Status now = migrations::status(*store->schema->part(name), sources.parts());
    migrations::refuse_drift(now);
    for (Planned& one : planned(now, kDaySet, sources.parts(), options.to)) {
      const std::int64_t order = one.up ? one.step.version : -one.step.version;
      Planned& sum = by_step.try_emplace({one.up, order}, one).first->second;
      sum.parts.push_back(name);
    }
  }
  for (auto& [order, one] : by_step) result.push_back(std::move(one));
  return result;
}

}  // namespace logctl::cli::migrate
