#include "cli/commands/retention_actions.h"

#include "cli/as_usage.h"
#include "cli/counted.h"
#include "shared/base/error.h"
#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/maintenance/retention_plan.h"
#include "shared/maintenance/runner.h"
#include "shared/query/syntax.h"
#include "shared/query/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

namespace logctl::cli {
namespace {

using maintenance::Policy;
using storage::RetentionRule;

Value or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

void require_which(const RetentionOptions& options) {
  if (options.is_default != options.match.empty()) {
    throw Error(ErrorCode::usage, "which records is not said",
                "give --match QUERY, or --default for those that no other rule matches");
  }
}

// A rule for a tenant that nobody has is a typing error, and one for the wrong tenant deletes.
void require_known(storage::Backend* store, const RetentionOptions& options) {
  if (options.tenant.empty() || options.unknown_tenant) return;
  std::set<std::string> tenants;
  if (store != nullptr) {
    for (const storage::Account& entry : store->logs->accounts()) tenants.insert(entry.tenant);
  }
  if (tenants.contains(options.tenant)) return;
  const std::vector<std::string_view> names(tenants.begin(), tenants.end());
  const std::string_view guess = nearest_name(options.tenant, names);
  throw Error(ErrorCode::not_found,
              fmt::format("there are no records of a tenant '{}'{}", options.tenant,
                          guess.empty() ? "" : fmt::format("; did you mean '{}'?", guess)),
              "--unknown-tenant sets the rule all the same");
}

Policy policy_of(Context& context, storage::Backend& store) {
  return {store.retention->rules(), context.config()->retention.default_age};
}

void print_plan(Context& context, const Policy& policy, const maintenance::Plan& plan,
                bool confirmed) {
  Output& out = context.out();
  out.begin_table({"day", "tenant", "match", "age", "rows", "bytes", "action"},
                  {{"bytes", "age", "tenant"}});
  for (const maintenance::DayPlan& day : plan.days) {
    const bool drop =
        day.whole && (confirmed || std::ranges::none_of(day.shares, &maintenance::Share::held));
    for (const maintenance::Share& share : day.shares) {
      const RetentionRule& rule = policy.rules()[share.rule];
      const bool refused = share.held && !confirmed;
      out.add_row({format_day(day.day), share.query.tenant, or_null(rule.match),
                   format_duration(rule.age), share.rows, day.bytes_of(share.rows),
                   refused ? "needs --confirm"
                   : drop  ? "drop"
                           : "delete"});
    }
  }
  out.end_table();
  out.note(fmt::format("would delete {}", counted(plan.rows_to_remove(confirmed), "record")));
}

void note_too_much(Context& context, const Policy& policy, const maintenance::Plan& plan) {
  for (const auto& [rule, sums] : maintenance::held_sums(plan)) {
    context.out().note(fmt::format("{}: {} records, {}, {}: it needs --confirm",
                                   maintenance::describe(policy.rules()[rule]), sums.rows,
                                   human_size(sums.bytes), maintenance::kTooMuch));
  }
}

}  // namespace

int set_rule(Context& context, const RetentionOptions& options) {
  require_which(options);
  if (!query::is_storable_text(options.tenant)) {
    throw Error(ErrorCode::usage, "--tenant: expected a name in UTF-8");
  }
  const RetentionRule rule = as_usage(
      [&] {
        return maintenance::make_rule(options.tenant, options.match, options.age,
                                      context.clock().now());
      },
      "--match");
  storage::Backend* const store =
      options.dry_run ? context.backend_if_made() : &context.migrated_backend();
  require_known(store, options);
  if (!options.dry_run) store->retention->set(rule);
  std::vector<Field> fields = {{"tenant", or_null(rule.tenant)},
                               {"match", or_null(rule.match)},
                               {"age", format_duration(rule.age)},
                               {"set_at", rule.set_at}};
  if (options.dry_run) fields.emplace_back("dry_run", true);
  context.out().object(fields);
  if (!options.dry_run) {
    context.out().note("`logctl retention apply --dry-run` says what that deletes");
  }
  return 0;
}

int show_rules(Context& context) {
  storage::Backend& store = context.existing_backend();
  const Policy policy = policy_of(context, store);
  Output& out = context.out();
  out.begin_table({"tenant", "match", "age", "set_at", "from"});
  for (const RetentionRule& rule : policy.rules()) {
    const bool configured = rule.set_at == Timestamp{};
    out.add_row({or_null(rule.tenant), or_null(rule.match), format_duration(rule.age),
                 configured ? Value() : Value(rule.set_at),
                 configured ? "retention.default" : "store"});
  }
  out.end_table();
  if (policy.empty()) out.note("there is no rule: records are kept for ever");
  return 0;
}

int remove_rule(Context& context, const RetentionOptions& options) {
  require_which(options);
  storage::Backend& store = context.existing_backend();
  std::string match = options.match;
  if (!match.empty()) {
    match = as_usage(
        [&] {
          query::Query query;
          query::parse_text(match, context.clock().now(), query);
          return query::format_text(query);
        },
        "--match");
  }
  const auto is_there = [&] {
    const auto rules = store.retention->rules();
    return std::any_of(rules.begin(), rules.end(), [&](const RetentionRule& rule) {
      return rule.tenant == options.tenant && rule.match == match;
    });
  };
  Output& out = context.out();
  if (options.dry_run ? is_there() : store.retention->remove(options.tenant, match)) {
    out.note(options.dry_run ? "would be removed; what it would have deleted would be kept"
                             : "removed; what it would have deleted is kept from now on");
    if (out.json()) {
      out.object({{"tenant", or_null(options.tenant)},
                  {"match", or_null(match)},
                  {"removed", !options.dry_run}});
    }
    return 0;
  }
  throw Error(
      ErrorCode::not_found,
      fmt::format("there is no rule for {} of {}",
                  match.empty() ? "the default" : "`" + match + "`",
                  options.tenant.empty() ? "all tenants" : "tenant '" + options.tenant + "'"),
      "`logctl retention show` lists them");
}

int apply_rules(Context& context, const RetentionOptions& options) {
  storage::Backend& store = context.existing_backend();
  const Policy policy = policy_of(context, store);
  const Timestamp now = context.clock().now();
  if (options.dry_run) {
    const std::string problem = maintenance::clock_problem(store, now);
    if (!problem.empty() && !options.confirm) {
      context.out().note(problem + "; it needs --confirm");
    }
    const maintenance::Plan plan = maintenance::make_plan(store, policy, now, true);
    print_plan(context, policy, plan, options.confirm);
    if (!options.confirm) note_too_much(context, policy, plan);
    return 0;
  }
  maintenance::TaskInput input{store, *context.config()};
  input.now = now;
  input.confirmed = options.confirm;
  input.note = [&context](std::string_view text) { context.out().note(text); };
  const auto runs = maintenance::run(input, {"retention"}, context.clock());
  const maintenance::TaskRun& run = runs.front();
  context.out().object({{"done", or_null(run.done)},
                        {"problem", or_null(run.problem)},
                        {"seconds", static_cast<double>(run.took.count()) / 1e6}});
  return run.problem.empty() ? 0 : info(ErrorCode::conflict).exit_status;
}

}  // namespace logctl::cli
