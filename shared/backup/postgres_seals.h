// Seals on closed partitions: how a backup knows that a day is still what an earlier one exported
// (docs/decisions/0007-backups.md).
#pragma once

#include "shared/storage/postgres/connection.h"

#include <cstdint>
#include <string>
#include <vector>

namespace logctl::backup {

// A partition of `logs` as one snapshot sees it.
struct DayPartition {
  std::string name;
  std::string token;    // of a seal that holds; empty: none, or broken since
  std::string columns;  // changes with their names, order and types
  std::uint64_t bytes = 0;

  // The same as long as an export of the partition is; empty when nobody can tell.
  std::string stamp() const { return token.empty() ? token : token + ":" + columns; }
};

// False on a store that was not migrated to them yet: its days are exported every time.
bool has_seals(storage::postgres::Connection& connection);

// In the order of their names, in the transaction that the connection is in.
std::vector<DayPartition> list_partitions(storage::postgres::Connection& connection);

// Puts a new seal on the partition. Waits for those who are writing to it, but not long: false when
// they took longer, and then nothing has changed.
[[nodiscard]] bool seal(storage::postgres::Connection& connection, const std::string& partition,
                        const std::string& token);

// After a restore: the triggers of seals whose partitions came without them.
void put_seals_back(storage::postgres::Connection& connection);

}  // namespace logctl::backup
