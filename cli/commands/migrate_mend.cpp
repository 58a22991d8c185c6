// `logctl migrate repair|baseline|create`: the ledger by hand, and new steps.
#include "cli/arguments.h"
#include "cli/commands/migrate_actions.h"
#include "shared/base/error.h"
#include "shared/migrations/baseline.h"
#include "shared/migrations/repair.h"

#include <fmt/format.h>

namespace logctl::cli::migrate {
namespace {

// A schema with a ledger of its own: the store's, a day file's, or that of an optional part.
struct Place {
  std::string set;
  std::string day;  // empty: the store itself
  storage::SchemaStore* store = nullptr;
  std::unique_ptr<storage::SchemaStore> owned;
  std::vector<migrations::Step> steps;
};

std::vector<Place> places(storage::Backend& store, const std::string& set, const Sources& sources,
                          const Options& options) {
  std::vector<Place> result;
  if (!options.days) result.push_back({set, {}, store.schema.get(), nullptr, sources.main()});
  for (const std::string& day : store.schema->parts()) {
    Place& place = result.emplace_back();
    place.set = "sqlite-day";
    place.day = day;
    place.owned = store.schema->part(day);
    place.store = place.owned.get();
    place.steps = sources.parts();
  }
  return result;
}

std::vector<Place> places_and_features(storage::Backend& store, const std::string& set,
                                       const Sources& sources, const Options& options) {
  std::vector<Place> result = places(store, set, sources, options);
  for (Feature& one : features(store, options)) {
    Place& place = result.emplace_back();
    place.set = one.set;
    place.owned = std::move(one.store);
    place.store = place.owned.get();
    place.steps = std::move(one.steps);
  }
  return result;
}

Value day_of(const Place& place) { return place.day.empty() ? Value() : Value(place.day); }

void add_rows(std::vector<Row>& rows, const Place& place,
              const std::vector<migrations::Repair>& repairs) {
  for (const migrations::Repair& one : repairs) {
    rows.push_back({one.version, one.name, one.action, place.set, day_of(place), one.reason});
  }
}

}  // namespace

int repair(Context& context, const Options& options) {
  const std::string set = set_of(context);
  const Sources sources(set, options);
  const std::vector<std::string> headers = {"version", "name", "action", "set", "day", "reason"};
  std::vector<Row> rows;
  {
    storage::Backend found =
        storage::open_backend(*context.config(), context.clock(), storage::Access::read_only);
    require_days(found, options);
    for (const Place& place : places_and_features(found, set, sources, options)) {
      add_rows(rows, place, migrations::plan_repair(*place.store, place.steps, context.clock()));
    }
    if (rows.empty() || options.dry_run) {
      context.out().table(headers, rows);
      if (rows.empty()) context.out().note("nothing is to be repaired");
      return 0;
    }
    for (const Row& row : rows) {
      context.out().note(fmt::format("step {} '{}': {}: {}", row[0].to_text(), row[1].to_text(),
                                     row[2].to_text(), row[5].to_text()));
    }
    require_confirmation(context,
                         fmt::format("repairing changes {} row{} of the ledger in {}, not the "
                                     "schema",
                                     rows.size(), rows.size() == 1 ? "" : "s", found.target),
                         options.confirmed, "--yes");
  }
  rows.clear();
  for (const Place& place : places_and_features(context.backend(), set, sources, options)) {
    add_rows(rows, place,
             migrations::repair(*place.store, place.steps, options.lock_timeout, context.clock()));
  }
  context.out().table(headers, rows);
  return 0;
}

int baseline(Context& context, const Options& options) {
  const std::string set = set_of(context);
  const Sources sources(set, options);
  // Looks first: there is nothing to record about a store that does not exist.
  storage::Backend found =
      storage::open_backend(*context.config(), context.clock(), storage::Access::read_only);
  require_days(found, options);
  std::vector<Row> rows;
  const auto record = [&](storage::Backend& store, bool really) {
    rows.clear();
    for (const Place& place : places(store, set, sources, options)) {
      // Day files tell their version by themselves; only those that do not are taken over.
      if (!place.day.empty() && !options.days) continue;
      if (!place.day.empty() && !place.store->ledger().empty()) continue;
      const auto recorded = really ? migrations::baseline(*place.store, place.steps, options.to,
                                                          options.lock_timeout, context.clock())
                                   : migrations::plan_baseline(*place.store, place.steps,
                                                               options.to, context.clock());
      for (const storage::LedgerRow& row : recorded) {
        rows.push_back({row.version, row.name, place.set, day_of(place), row.sha256});
      }
    }
  };
  record(found, false);
  if (!options.dry_run) record(context.backend(), true);
  context.out().table({"version", "name", "set", "day", "sha256"}, rows);
  context.out().note(options.dry_run
                         ? "would be recorded as applied, nothing was changed"
                         : "recorded as applied; `logctl migrate up` goes on from here");
  return 0;
}

int create(Context& context, const Options& options) {
  const std::string directory = options.directory.empty() ? "." : options.directory;
  const migrations::StepFiles files =
      migrations::create_step(directory, options.name, !options.no_transaction, options.dry_run);
  context.out().object({{"up", files.up.string()}, {"down", files.down.string()}});
  if (options.dry_run) context.out().note("nothing was made");
  return 0;
}

}  // namespace logctl::cli::migrate
