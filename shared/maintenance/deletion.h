// Deleting what a query matches: first a plan with a number, then the deletion that was agreed to.
//
// One thread. What a plan covers was received before it was made: what comes in meanwhile stays.
// Errors as storage/store.h, Error{validation_error} on a query that cannot be asked.
#pragma once

#include "shared/query/query.h"
#include "shared/storage/backend.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::maintenance {

struct DeletionPlan {
  query::Query query;
  std::string text;  // of the query, with exact times
  Timestamp made_at{};
  std::uint64_t rows = 0;
  struct PlannedDay {
    storage::Day day{};
    std::uint64_t rows = 0;
  };
  std::vector<PlannedDay> days;  // oldest first; only those with rows
  // Stands for this plan: the same records of the same query, at the same moment.
  std::string token() const;
};

// The records of a tenant that `text` matches at `now`. Refuses text that asks for nothing.
DeletionPlan plan_deletion(storage::Backend& backend, std::string_view tenant,
                           std::string_view text, Timestamp now);

// What somebody agreed to: the token of a plan, or a plain number of records.
struct Agreement {
  std::uint64_t rows = 0;
  std::optional<Timestamp> made_at;
  std::string text;  // as it was given
};
// Throws Error{usage} when it is neither.
Agreement parse_agreement(std::string_view text);
// Throws Error{conflict} when the plan is not the one that was agreed to.
void require_agreed(const DeletionPlan& plan, const Agreement& agreement);

using Note = std::function<void(std::string_view)>;
// Writes the audit row, deletes, and completes the row.
storage::Deletion run_deletion(storage::Backend& backend, const DeletionPlan& plan,
                               std::string_view ran_by, const Clock& clock, const Note& note);
// Goes on with one that was cut off. Throws Error{not_found}, or Error{conflict} when it is done.
storage::Deletion resume_deletion(storage::Backend& backend, std::string_view id,
                                  const Clock& clock, const Note& note);

}  // namespace logctl::maintenance
