#include "shared/maintenance/retention_plan.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/storage/books.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace logctl::maintenance {
namespace {

using storage::Day;
using storage::RowsByTenant;

constexpr std::chrono::days kOneDay(1);
// Rows of one transaction: a few hundredths of a second.
constexpr std::size_t kPiece = 5000;
// A clock that stands further from the newest record or the last run is not believed.
constexpr std::chrono::days kPlausible(14);
constexpr microseconds kAhead = std::chrono::hours(24);

std::uint64_t total(const RowsByTenant& rows) {
  std::uint64_t sum = 0;
  for (const auto& [tenant, count] : rows) sum += count;
  return sum;
}

// Of the whole store, from the books.
RowsByTenant rows_by_tenant(storage::LogStore& logs) {
  RowsByTenant rows;
  for (const storage::Account& entry : logs.accounts()) {
    if (entry.what == storage::kStored) rows[entry.tenant] += entry.count;
    if (entry.what.starts_with(storage::kDeletedPrefix)) rows[entry.tenant] -= entry.count;
  }
  return rows;
}

// stamp, rules, and when a rule will remove more: what set_mark is given.
std::string mark_text(const DayPlan& day, const Policy& policy) {
  return fmt::format("{}|{}|{}", day.stamp, policy.fingerprint(),
                     day.next ? to_micros(*day.next) : INT64_MAX);
}

bool still_passed(const std::string& mark, const std::string& stamp, const Policy& policy,
                  Timestamp now) {
  const std::string expected = fmt::format("{}|{}|", stamp, policy.fingerprint());
  if (stamp.empty() || !mark.starts_with(expected)) return false;
  std::int64_t next = 0;
  const char* end = mark.data() + mark.size();
  const auto [stop, error] = std::from_chars(mark.data() + expected.size(), end, next);
  return error == std::errc() && stop == end && to_micros(now) < next;
}

// Cuts `part` to the day. Nothing: none of its rows is old enough; then `plan.next` may come
// sooner.
std::optional<query::Query> within_day(const Policy& policy, const Policy::Part& part,
                                       DayPlan& plan, Timestamp now) {
  const Timestamp begin(plan.day);
  const Timestamp end(plan.day + kOneDay);
  const Timestamp cut = part.query.until.value();
  if (cut < end) {
    const Timestamp next = cut <= begin ? begin + policy.rules()[part.rule].age : now;
    plan.next = plan.next ? std::min(*plan.next, next) : next;
  }
  if (cut <= begin) return std::nullopt;
  query::Query query = part.query;
  query.since = begin;
  query.until = std::min(cut, end);
  return query;
}

DayPlan plan_day(storage::DayStore& days, const Policy& policy, Day day, Timestamp now) {
  DayPlan plan;
  plan.day = day;
  plan.stamp = days.stamp(day);
  plan.there = days.rows(day);
  for (const auto& [tenant, there] : plan.there) {
    for (const Policy::Part& part : policy.parts(tenant, now)) {
      const auto query = within_day(policy, part, plan, now);
      if (!query) continue;
      const bool all = query->filters.empty() && *query->until == Timestamp(day + kOneDay);
      const std::uint64_t rows = all ? there : days.count(*query);
      if (rows > 0) plan.shares.push_back({part.rule, *query, rows});
    }
  }
  plan.whole = day < day_of(now) && plan.rows() == total(plan.there);
  if (plan.rows() > 0) plan.bytes = days.bytes(day);
  return plan;
}

void hold(Plan& plan, const std::function<bool(const Share&)>& too_much) {
  for (DayPlan& day : plan.days) {
    for (Share& share : day.shares) share.held = share.held || too_much(share);
  }
}

// Rules that are harmless each by itself may not be so together. What one rule takes of a tenant is
// weighed below: nobody else's records wait because one tenant has sent nothing for long. The
// tenants.
std::set<std::string> hold_tenants_that_lose_too_much(const RowsByTenant& all, Plan& plan) {
  RowsByTenant gone;
  std::map<std::string, std::set<std::size_t>> rules;
  for (const DayPlan& day : plan.days) {
    for (const Share& share : day.shares) {
      gone[share.query.tenant] += share.rows;
      rules[share.query.tenant].insert(share.rule);
    }
  }
  std::set<std::string> held;
  for (const auto& [tenant, rows] : gone) {
    const auto there = all.find(tenant);
    const std::uint64_t before = there == all.end() ? 0 : there->second;
    if (rules[tenant].size() > 1 && rows * 2 > before) held.insert(tenant);
  }
  hold(plan, [&held](const Share& share) { return held.contains(share.query.tenant); });
  return held;
}

// Of all tenants but those `held`: what waits already weighs no more.
void hold_rules_that_take_too_much(const RowsByTenant& all, const std::set<std::string>& held,
                                   const Policy& policy, Timestamp now, Plan& plan) {
  std::vector<std::uint64_t> gone(policy.rules().size());
  std::vector<std::uint64_t> meant(policy.rules().size());
  for (const DayPlan& day : plan.days) {
    for (const Share& share : day.shares) gone[share.rule] += share.held ? 0 : share.rows;
  }
  for (const auto& [tenant, rows] : all) {
    if (held.contains(tenant)) continue;
    std::set<std::size_t> applying;
    for (const Policy::Part& part : policy.parts(tenant, now)) applying.insert(part.rule);
    for (const std::size_t rule : applying) meant[rule] += rows;
  }
  hold(plan, [&](const Share& share) { return gone[share.rule] * 2 > meant[share.rule]; });
}

class Application {
 public:
  Application(storage::Backend& backend, const Policy& policy, const Plan& plan, Timestamp now,
              const ApplySettings& settings)
      : days_(*backend.days), policy_(policy), plan_(plan), now_(now), settings_(settings) {}

  Applied run() {
    for (const DayPlan& day : plan_.days) {
      if (settings_.stopping()) return std::move(applied_);
      try {
        apply(day);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::locked) throw;
        applied_.problems.push_back(error.message());
      }
    }
    for (const DayPlan& day : plan_.passed) mark(day);
    if (!settings_.confirmed) {
      for (std::string& problem : held_problems(plan_, policy_)) {
        applied_.problems.push_back(std::move(problem));
      }
    }
    return std::move(applied_);
  }

 private:
  bool allowed(const Share& share) const { return settings_.confirmed || !share.held; }

  void apply(const DayPlan& day) {
    const bool everything = std::all_of(day.shares.begin(), day.shares.end(),
                                        [this](const Share& share) { return allowed(share); });
    if (day.whole && everything && drop(day)) return;
    std::uint64_t removed = 0;
    for (const Share& share : day.shares) {
      if (allowed(share)) removed += remove(share);
      if (settings_.stopping()) return;
    }
    if (removed > 0) {
      settings_.note(fmt::format("{}: {} records deleted", format_day(day.day), removed));
      if (day.day < day_of(now_)) applied_.bytes += days_.compact(day.day);
    }
    if (!everything) return;
    DayPlan after = day;
    after.stamp = days_.stamp(day.day);
    // Rows that came in meanwhile may be such that go: the next run looks.
    if (total(days_.rows(day.day)) + removed == total(day.there)) mark(after);
  }

  // False when it is no longer as it was planned.
  bool drop(const DayPlan& day) {
    const auto dropped =
        days_.drop(day.day, [&day](const RowsByTenant& rows) { return rows == day.there; });
    if (!dropped) return false;
    ++applied_.days;
    applied_.rows += *dropped;
    settings_.note(fmt::format("{}: dropped with {} records", format_day(day.day), *dropped));
    return true;
  }

  std::uint64_t remove(const Share& share) {
    std::optional<query::Cursor> position;
    std::uint64_t removed = 0;
    for (bool more = true; more && !settings_.stopping();) {
      const storage::DayStore::Piece piece =
          days_.remove(share.query, storage::kDeletedByRetention, kPiece, position);
      removed += piece.rows;
      applied_.rows += piece.rows;
      more = piece.more;
    }
    return removed;
  }

  void mark(const DayPlan& day) {
    if (day.day < day_of(now_) && !day.stamp.empty()) {
      days_.set_mark(day.day, mark_text(day, policy_));
    }
  }

  storage::DayStore& days_;
  const Policy& policy_;
  const Plan& plan_;
  const Timestamp now_;
  const ApplySettings& settings_;
  Applied applied_;
};

}  // namespace

std::uint64_t DayPlan::rows() const {
  std::uint64_t sum = 0;
  for (const Share& share : shares) sum += share.rows;
  return sum;
}

std::uint64_t DayPlan::bytes_of(std::uint64_t rows) const {
  const std::uint64_t all = total(there);
  if (all == 0) return 0;
  return static_cast<std::uint64_t>(static_cast<double>(bytes) * static_cast<double>(rows) /
                                    static_cast<double>(all));
}

std::uint64_t DayPlan::rows_to_remove(bool confirmed) const {
  std::uint64_t sum = 0;
  for (const Share& share : shares) sum += confirmed || !share.held ? share.rows : 0;
  return sum;
}

std::uint64_t Plan::rows_to_remove(bool confirmed) const {
  std::uint64_t sum = 0;
  for (const DayPlan& day : days) sum += day.rows_to_remove(confirmed);
  return sum;
}

std::map<std::size_t, HeldSums> held_sums(const Plan& plan) {
  std::map<std::size_t, HeldSums> sums;
  for (const DayPlan& day : plan.days) {
    for (const Share& share : day.shares) {
      if (!share.held) continue;
      HeldSums& sum = sums[share.rule];
      sum.rows += share.rows;
      sum.bytes += day.bytes_of(share.rows);
    }
  }
  return sums;
}

std::vector<std::string> held_problems(const Plan& plan, const Policy& policy) {
  std::vector<std::string> problems;
  for (const auto& [rule, sums] : held_sums(plan)) {
    problems.push_back(
        fmt::format("{}: would remove {} records, {}; `logctl retention apply --confirm` does it",
                    describe(policy.rules()[rule]), sums.rows, kTooMuch));
  }
  return problems;
}

Plan make_plan(storage::Backend& backend, const Policy& policy, Timestamp now, bool thorough) {
  Plan plan;
  storage::DayStore& days = *backend.days;
  const auto shortest = policy.shortest();
  for (const Day day : days.days()) {
    // Nothing of a day can be too old before its first moment is.
    if (shortest && Timestamp(day) >= now - *shortest) {
      if (day >= day_of(now)) break;
    } else if (!shortest && day >= day_of(now)) {
      break;
    }
    if (!thorough && still_passed(days.mark(day), days.stamp(day), policy, now)) continue;
    DayPlan found = plan_day(days, policy, day, now);
    if (found.shares.empty()) {
      plan.passed.push_back(std::move(found));
      continue;
    }
    plan.days.push_back(std::move(found));
  }
  const RowsByTenant all = rows_by_tenant(*backend.logs);
  const std::set<std::string> held = hold_tenants_that_lose_too_much(all, plan);
  hold_rules_that_take_too_much(all, held, policy, now, plan);
  return plan;
}

Applied apply_plan(storage::Backend& backend, const Policy& policy, const Plan& plan, Timestamp now,
                   const ApplySettings& settings) {
  return Application(backend, policy, plan, now, settings).run();
}

std::string clock_problem(storage::Backend& backend, Timestamp now) {
  const std::optional<Timestamp> newest = backend.days->newest();
  if (newest && now - *newest > kPlausible) {
    return fmt::format(
        "the clock says {}, the newest record is of {}, {} before: that is not "
        "believed",
        format_rfc3339(now), format_rfc3339(*newest),
        format_duration(std::chrono::floor<std::chrono::hours>(now - *newest)));
  }
  if (newest && *newest - now > kAhead) {
    return fmt::format("the clock says {}, but there is a record of {}: it may have been set back",
                       format_rfc3339(now), format_rfc3339(*newest));
  }
  for (const storage::TaskState& state : backend.maintenance->tasks()) {
    if (state.name != "retention" || !state.succeeded_at) continue;
    const Timestamp last = *state.succeeded_at;
    if (last - now > std::chrono::hours(1)) {
      return fmt::format("the clock says {}, but the last run was at {}: it was set back",
                         format_rfc3339(now), format_rfc3339(last));
    }
    if (now - last > kPlausible) {
      return fmt::format("the clock says {}, the last run was at {}: that is not believed",
                         format_rfc3339(now), format_rfc3339(last));
    }
  }
  return {};
}

std::string describe(const storage::RetentionRule& rule) {
  return fmt::format("{} of {}, {}", rule.match.empty() ? "the default" : "`" + rule.match + "`",
                     rule.tenant.empty() ? "all tenants" : "tenant '" + rule.tenant + "'",
                     format_duration(rule.age));
}

}  // namespace logctl::maintenance
