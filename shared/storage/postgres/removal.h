// The one place where records leave a PostgreSQL store.
//
// Each deletion is one transaction with its entry in the books. Errors: those of the connection and
// of the pool.
#pragma once

#include "shared/query/query.h"
#include "shared/storage/days.h"
#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/pool.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace logctl::storage::postgres {

// See DayStore::remove.
DayStore::Piece remove_rows(Session& session, const query::Query& query, std::string_view booked_as,
                            std::size_t most, std::optional<query::Cursor>& position);

// See DayStore::drop. The partition is dropped where it stands, in the transaction that books its
// rows: that needs the table `logs` for itself for a moment, for which it waits no longer than a
// fraction of a second at a time, so that nobody waits behind it for longer.
std::optional<std::uint64_t> drop_partition(Connection& connection, Day day,
                                            const DayStore::Agree& agree);

}  // namespace logctl::storage::postgres
