// What SQL on the embedded store needs beyond SQLite's own functions, so that a question means
// there what it means everywhere (query/property_condition.h,
// query/text_condition.h):
//
//   logctl_property(properties, key, ...)         the text that is compared, NULL for objects and
//                                                 arrays
//   logctl_property_number(properties, key, ...)  the same where it is a number, else NULL
//   logctl_property_passes(properties, op, value, key, ...)  1 or 0; `op` as query::Op
//   logctl_contains(text, part)                   1 or 0, NULL for NULL
//   logctl_matches(text, pattern)                 the same
#pragma once

struct sqlite3;

namespace logctl::storage::sqlite {

// On one connection. Returns SQLite's result code.
int register_functions(sqlite3* db);

}  // namespace logctl::storage::sqlite
