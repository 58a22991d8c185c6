// The text of a migration step: its marker, its statements one by one, and what it destroys.
//
// Knows as much SQL as that takes: quotes, comments, dollar quotes, bodies between BEGIN and END.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

// In the comment lines at the top of a step's text: its statements run one by one, each by itself,
// instead of in one transaction. They must be such that running one again does no harm.
inline constexpr std::string_view kNoTransaction = "-- logctl:no-transaction";
bool is_transactional(std::string_view text);

// The statements without the semicolons, in order; comments before a statement are left out.
std::vector<std::string_view> statements_of(std::string_view text);

// A statement in one line of at most `most` characters, for messages.
std::string headline(std::string_view statement, std::size_t most = 60);

// The statements that say what the schema consists of, as they can run in a transaction: without
// those that only read or change rows, which may take long, and without CONCURRENTLY.
std::string definitions_of(std::string_view text);

// The index that `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name` makes; else empty.
std::string concurrent_index(std::string_view statement);

// What a statement takes away: a table or all its rows, a column of it, or some of its rows.
struct Destroyed {
  std::string table;
  std::string column;      // empty: not one column
  bool some_rows = false;  // those that a condition names
};
std::vector<Destroyed> destroyed_by(std::string_view text);

}  // namespace logctl::storage
