// Copies of database files that are in use, and what such a file holds.
//
// Any thread, each with files of its own. Errors as sqlite/connection.h.
#pragma once

#include "shared/storage/row_digest.h"
#include "shared/storage/sqlite/connection.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

// A consistent copy of `from` in the new file `to`, made in one read transaction: writers go on.
// Not synced.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

std::vector<std::string> table_names(Connection& connection);
// In the order of their names.
std::vector<std::string> column_names(Connection& connection, std::string_view table);
// Reads the whole table; only `columns` count.
TableDigest digest_table(Connection& connection, const std::string& table,
                         const std::vector<std::string>& columns);

// Fails with Error{locked} unless nobody else has the database open. Gives it back at once.
void require_unused(const std::filesystem::path& file);

}  // namespace logctl::storage::sqlite
