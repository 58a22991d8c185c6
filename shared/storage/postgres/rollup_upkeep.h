// Keeps roll-ups and their sums small and right: merges what writers added, counts stale days
// again, forgets days that are gone.
//
// Whatever changes `rollups` changes `rollup_sums` by as much, in the same statement: at any moment
// a day's sums and deltas are what its roll-ups and deltas are.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/postgres/pool.h"

namespace logctl::storage::postgres {

// Every step in a transaction of its own, none of which holds up a writer. One process at a time
// does it; another one has nothing to do then.
void keep_up_rollups(Pool& pool, Timestamp now);

}  // namespace logctl::storage::postgres
