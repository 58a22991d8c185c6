// The migration ledger and the journal inside one SQLite file, meta.sqlite or a day's.
//
// Functions over a connection; who calls them has the transaction. The tables are made when the
// first row is written.
#pragma once

#include "shared/storage/schema.h"
#include "shared/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

bool has_table(Connection& connection, std::string_view table);

std::vector<LedgerRow> read_ledger(Connection& connection);
std::optional<JournalRow> read_journal(Connection& connection);

// Puts the row in place of one with the same version.
void put_ledger_row(Connection& connection, const LedgerRow& row);
void remove_ledger_row(Connection& connection, std::int64_t version);

void put_journal(Connection& connection, const JournalRow& row);
void clear_journal(Connection& connection);

}  // namespace logctl::storage::sqlite
