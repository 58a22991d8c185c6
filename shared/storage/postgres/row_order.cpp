#include "shared/storage/postgres/row_order.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

namespace logctl::storage::postgres {

bool key_less(const Row* a, const Row* b) { return identity_less(*a->record, *b->record); }

std::vector<Row*> in_key_order(std::vector<Row>& rows) {
  std::vector<Row*> sorted;
  sorted.reserve(rows.size());
  for (Row& row : rows) sorted.push_back(&row);
  if (!std::is_sorted(sorted.begin(), sorted.end(), key_less)) {
    std::stable_sort(sorted.begin(), sorted.end(), key_less);
  }
  return sorted;
}

Row* first_leader(Row* row) {
  while (row->leader != row) row = row->leader;
  return row;
}

std::vector<Row*> lead(std::span<Row* const> rows) {
  std::map<std::pair<std::string_view, std::string_view>, Row*> first_of_id;
  Row* previous = nullptr;
  for (Row* row : rows) {
    row->leader = row;
    if (previous != nullptr && !key_less(previous, row)) {
      row->leader = previous;
      continue;
    }
    previous = row;
    if (!row->record->dedup_by_id) continue;
    const auto [place, added] =
        first_of_id.try_emplace({row->record->event_id, stored_tenant(*row->record)}, row);
    if (added) continue;
    // The first in the caller's order leads.
    Row* later = row;
    if (later->position < place->second->position) std::swap(later, place->second);
    later->leader = place->second;
  }
  std::vector<Row*> leaders;
  leaders.reserve(rows.size());
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(leaders),
               [](const Row* row) { return row->leader == row; });
  return leaders;
}

}  // namespace logctl::storage::postgres
