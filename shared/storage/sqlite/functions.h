// What SQL on the embedded store needs beyond SQLite's own functions, so that a question means
// there what it means everywhere (query/property.h, query/regex.h):
//
//   logctl_property(properties, key, ...)       the text that is compared, NULL for objects and
//   arrays logctl_property_kind(properties, key, ...)  text, number, boolean, container, or NULL
//   logctl_number_order(a, b)                   -1, 0, 1; exact
//   logctl_matches(text, pattern)               1 or 0, NULL for NULL
#pragma once

struct sqlite3;

namespace logctl::storage::sqlite {

// On one connection. Returns SQLite's result code.
int register_functions(sqlite3* db);

}  // namespace logctl::storage::sqlite
