// A search in the order of time, part by part, so that one that has to read much neither holds one
// statement for long nor takes from the writers what they need.
//
// The day where the page begins comes first (search_windows.h). Of what lies beyond, so much at a
// time as takes a part of a second; while the writers are busy, it rests between the parts and does
// without the server's helpers. One thread, one session.
#pragma once

#include "shared/query/query.h"
#include "shared/storage/postgres/pool.h"
#include "shared/storage/write_load.h"

#include <functional>

namespace logctl::storage::postgres {

// Whether the page is full. Asks for rows of `part`, which has the filters and order of the whole.
using AskPart = std::function<bool(const query::Query& part)>;

// Calls `ask` for parts that are the whole of `query` together, in its order, until the page is
// full. Returns whether it is. `session` is a transaction.
bool search_paced(Session& session, const WriteLoad& load, const query::Query& query, Timestamp now,
                  const AskPart& ask);
// The same for a window that lies beyond the first one, which has been asked.
bool search_beyond(Session& session, const WriteLoad& load, const query::Query& window,
                   Timestamp now, const AskPart& ask);

// For statements of the transaction from now on: none of them takes more than one of the server's
// processors while the writers are busy.
void give_way(Session& session, const WriteLoad& load);

}  // namespace logctl::storage::postgres
