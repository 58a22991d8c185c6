// `logctl migrate status|plan|verify`: look at a schema and change nothing.
#include "cli/commands/migrate_actions.h"
#include "shared/base/error.h"
#include "shared/migrations/verify.h"
#include "shared/storage/sql_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::cli::migrate {
namespace {

using migrations::State;

std::string detail_of(const migrations::StatusRow& row,
                      const std::vector<migrations::Step>& steps) {
  if (row.begun) return migrations::describe(*row.begun, steps);
  if (row.state == State::changed) return "the text is not the one that was applied";
  if (row.state == State::unknown) return "this binary has no such step";
  return {};
}

Row status_row(const migrations::StatusRow& row, const std::string& set,
               const std::vector<migrations::Step>& steps) {
  Row cells = {row.version, row.name, migrations::name_of(row.state), nullptr, nullptr, nullptr};
  if (row.applied) {
    cells[3] = row.applied->applied_at;
    cells[4] = row.applied->took.count() / 1000;
    cells[5] = row.applied->tool_version;
  }
  cells.push_back(set);
  const std::string detail = detail_of(row, steps);
  cells.push_back(detail.empty() ? Value() : Value(detail));
  return cells;
}

Row parts_row(const migrations::PartsRow& row) {
  std::string detail = fmt::format("{} of {} day files", row.applied, row.parts);
  if (row.state != State::applied) detail += fmt::format(", not {}", row.example);
  return {row.version,  row.name, migrations::name_of(row.state), nullptr, nullptr, nullptr,
          "sqlite-day", detail};
}

struct Seen {
  bool drifted = false;
  bool pending = false;
};

int conclude(Context& context, const Seen& seen, const Options& options) {
  if (seen.drifted) {
    context.out().error("the store differs from what this binary knows");
    return info(ErrorCode::drift).exit_status;
  }
  if (!seen.pending) return 0;
  context.out().note("`logctl migrate up` applies what is pending");
  return options.exit_code ? info(ErrorCode::check_failed).exit_status : 0;
}

std::string text_of(const Planned& one) {
  return std::string(one.up ? one.step.up : one.step.down);
}

void print_sql(Context& context, const Planned& one) {
  const std::string text = text_of(one);
  const bool transactional = storage::is_transactional(text);
  std::string head = fmt::format(
      "-- {}/{:04}_{}.{}.sql, {}", one.set, one.step.version, one.step.name, one.up ? "up" : "down",
      transactional ? "in one transaction with its ledger row" : "statement by statement");
  if (one.half_done) head += ", half done";
  if (!one.parts.empty()) {
    head += fmt::format("\n-- in {} day file{}, {} to {}", one.parts.size(),
                        one.parts.size() == 1 ? "" : "s", one.parts.front(), one.parts.back());
  }
  context.out().raw(head + "\n" + text + (text.ends_with('\n') ? "\n" : "\n\n"));
}

}  // namespace

int status(Context& context, const Options& options) {
  const std::string set = set_of(context);
  const Sources sources(set, options);
  std::optional<storage::Backend> store = look(context);
  if (store) require_days(*store, options);
  Seen seen;
  std::vector<Row> rows;
  if (!options.days) {
    const migrations::Status now = store ? migrations::status(*store->schema, sources.main())
                                         : nothing_applied(sources.main());
    for (const auto& row : now.rows) rows.push_back(status_row(row, set, sources.main()));
    seen = {now.drifted(), now.pending()};
  }
  if (store) {
    for (const Feature& one : features(*store, options)) {
      const migrations::Status now = migrations::status(*one.store, one.steps);
      for (const auto& row : now.rows) rows.push_back(status_row(row, one.set, one.steps));
      seen = {seen.drifted || now.drifted(), seen.pending || now.pending()};
    }
    for (const auto& row : migrations::status_of_parts(*store->schema, sources.parts())) {
      rows.push_back(parts_row(row));
      seen.drifted = seen.drifted || row.state == State::changed || row.state == State::unknown;
      seen.pending = seen.pending || row.state == State::pending;
    }
  }
  context.out().table(
      {"version", "name", "state", "applied_at", "took_ms", "applied_by", "set", "detail"}, rows);
  if (store) {
    if (const auto holder = store->schema->lock_holder()) {
      context.out().note("a migration is running: " + storage::describe(*holder));
    }
  }
  return conclude(context, seen, options);
}

int plan(Context& context, const Options& options) {
  const std::string set = set_of(context);
  const Sources sources(set, options);
  std::optional<storage::Backend> store = look(context);
  if (store) require_days(*store, options);
  if (options.to) require_version(*options.to, sources, options);
  const std::vector<Planned> steps = planned(store ? &*store : nullptr, sources, options);
  const OutputFormat format = context.out().format();
  if (format == OutputFormat::table || format == OutputFormat::plain) {
    for (const Planned& one : steps) print_sql(context, one);
    if (steps.empty()) context.out().note("nothing is to be done");
    return 0;
  }
  std::vector<Row> rows;
  for (const Planned& one : steps) {
    const std::string text = text_of(one);
    rows.push_back({one.step.version, one.step.name, one.up ? "apply" : "revert", one.set,
                    one.parts.size(), storage::is_transactional(text), one.half_done,
                    one.up ? one.step.sha256 : one.step.down_sha256, text});
  }
  context.out().table({"version", "name", "action", "set", "day_files", "transaction", "half_done",
                       "sha256", "sql"},
                      rows);
  return 0;
}

int verify(Context& context, const Options& options) {
  const std::string set = set_of(context);
  const Sources sources(set, options);
  storage::Backend store =
      storage::open_backend(*context.config(), context.clock(), storage::Access::read_only);
  require_days(store, options);
  if (store.schema->ledger().empty()) {
    throw Error(ErrorCode::not_found, "no step was ever applied to this store",
                "`logctl migrate up` makes the schema, `baseline` takes over one that is there");
  }
  std::vector<Row> rows;
  std::size_t problems = 0;
  const auto add = [&](std::string_view name, std::string_view part,
                       const std::vector<migrations::Finding>& findings) {
    for (const migrations::Finding& finding : findings) {
      if (finding.state != migrations::Finding::State::ok) ++problems;
      rows.push_back({std::string(name), part.empty() ? Value() : Value(part), finding.subject,
                      migrations::name_of(finding.state),
                      finding.detail.empty() ? Value() : Value(finding.detail)});
    }
  };
  if (!options.days) add(set, {}, migrations::verify(*store.schema, sources.main()));
  for (const Feature& one : features(store, options)) {
    add(one.set, {}, migrations::verify(*one.store, one.steps));
  }
  for (const std::string& day : store.schema->parts()) {
    add("sqlite-day", day, migrations::verify(*store.schema->part(day), sources.parts()));
  }
  context.out().table({"set", "day", "subject", "state", "detail"}, rows);
  if (problems == 0) return 0;
  throw Error(ErrorCode::drift,
              fmt::format("{} of {} checks found a difference between the store and this binary's "
                          "steps",
                          problems, rows.size()),
              "a checksum: `logctl migrate repair --dry-run` says what can be recorded anew; a "
              "missing or different object: make it by hand as `detail` shows it, or restore a "
              "backup");
}

}  // namespace logctl::cli::migrate
