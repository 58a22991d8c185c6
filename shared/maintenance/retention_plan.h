// What the rules of retention would remove from a store at a time, and doing it.
//
// One thread, for as long as it takes. Errors as storage/store.h.
#pragma once

#include "shared/maintenance/retention.h"
#include "shared/storage/backend.h"
#include "shared/storage/days.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::maintenance {

// The rows of one day and tenant that one rule removes.
struct Share {
  std::size_t rule = 0;
  query::Query query;  // within the day
  std::uint64_t rows = 0;
  bool held = false;  // too much to be removed without a word, see kTooMuch
};

struct DayPlan {
  storage::Day day{};
  storage::RowsByTenant there;  // all rows of the day
  std::uint64_t bytes = 0;      // on disk
  std::vector<Share> shares;    // those with rows
  bool whole = false;           // every row goes: the day is dropped
  // When a rule will remove something further, though nothing comes in.
  std::optional<Timestamp> next;
  std::string stamp;  // before the rows were counted
  std::uint64_t rows() const;
  // Those of held shares only when it was `confirmed`.
  std::uint64_t rows_to_remove(bool confirmed) const;
  // Of the rows that go, by their share of the day.
  std::uint64_t bytes_of(std::uint64_t rows) const;
};

struct Plan {
  std::vector<DayPlan> days;    // oldest first; only those with something to remove
  std::vector<DayPlan> passed;  // nothing to remove, to be marked
  std::uint64_t rows_to_remove(bool confirmed) const;
};

// Why shares are held: their rule would remove more than half of the records of all its tenants, or
// several rules together more than half of those of the share's tenant.
inline constexpr std::string_view kTooMuch =
    "by itself or with other rules more than half of the records of a tenant";

struct HeldSums {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};
// By rule; rules that are not held are not in it.
std::map<std::size_t, HeldSums> held_sums(const Plan& plan);
// What is said of each of them.
std::vector<std::string> held_problems(const Plan& plan, const Policy& policy);

// `thorough`: also days that were passed over before and have not changed since.
Plan make_plan(storage::Backend& backend, const Policy& policy, Timestamp now, bool thorough);

struct Applied {
  std::uint64_t days = 0;   // dropped
  std::uint64_t rows = 0;   // all that are gone
  std::uint64_t bytes = 0;  // given back by rewriting files
  std::vector<std::string> problems;
};

struct ApplySettings {
  bool confirmed = false;  // also rules that remove too much
  std::function<bool()> stopping = [] { return false; };
  std::function<void(std::string_view)> note = [](std::string_view) {};
};
// A day that is in use is left for the next time and told in `problems`.
Applied apply_plan(storage::Backend& backend, const Policy& policy, const Plan& plan, Timestamp now,
                   const ApplySettings& settings);

// Why the time cannot be trusted, to delete by it; empty: it can. Compares it with the newest
// record and the last run.
std::string clock_problem(storage::Backend& backend, Timestamp now);

// For people: `level:debug of all tenants, 3d`.
std::string describe(const storage::RetentionRule& rule);

}  // namespace logctl::maintenance
