// The order in which a question wants its rows, evaluated in memory exactly as both stores sort:
// absent values last whichever way, text in the order of bytes, ties by timestamp and event id in
// the same direction. Pure.
#pragma once

#include "shared/query/query.h"
#include "shared/record/record.h"

namespace logctl::query {

// `a` comes before `b`: a strict order of records with different identities.
bool comes_before(const LogRecord& a, const LogRecord& b, Field sort, Order order);

}  // namespace logctl::query
