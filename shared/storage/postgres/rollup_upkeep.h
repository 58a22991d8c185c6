// Keeps roll-ups small and right: merges what writers added, counts stale days again, forgets days
// that are gone.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/postgres/pool.h"

namespace logctl::storage::postgres {

// Every step in a transaction of its own, none of which holds up a writer. One process at a time
// does it; another one has nothing to do then.
void keep_up_rollups(Pool& pool, Timestamp now);

}  // namespace logctl::storage::postgres
