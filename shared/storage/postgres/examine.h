// Looks at a PostgreSQL server for what goes wrong in the long run.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/postgres/pool.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <vector>

namespace logctl::storage::postgres {

// `now` decides which partitions should be there; `clock` is compared with the server's.
std::vector<Symptom> examine(Session& session, Timestamp now, const Clock& clock,
                             std::uint32_t partitions_ahead, bool index_text);

}  // namespace logctl::storage::postgres
