// The order of the rows of one call, and which of them are equal.
#pragma once

#include "shared/storage/postgres/append_transaction.h"

#include <span>
#include <vector>

namespace logctl::storage::postgres {

bool key_less(const Row* a, const Row* b);

// In key order, equal keys in the caller's order.
std::vector<Row*> in_key_order(std::vector<Row>& rows);

// A record that is equal to an earlier one among `rows`, in key or in id, follows it: what becomes
// of it is decided by what becomes of its leader. Sets the leaders and returns those that lead
// themselves. `rows` are in key order, equal keys in the caller's order.
std::vector<Row*> lead(std::span<Row* const> rows);
// The one at the end of the chain of leaders.
Row* first_leader(Row* row);

}  // namespace logctl::storage::postgres
