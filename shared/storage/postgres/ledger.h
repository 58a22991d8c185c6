// The migration ledger and the journal in PostgreSQL.
//
// Functions over a connection; who calls the writing ones has the transaction. The tables are made
// when the first row is written.
#pragma once

#include "shared/storage/postgres/connection.h"
#include "shared/storage/schema.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace logctl::storage::postgres {

std::vector<LedgerRow> read_ledger(Connection& connection);
std::optional<JournalRow> read_journal(Connection& connection);

enum class Existing { refuse, replace };
void put_ledger_row(Connection& connection, const LedgerRow& row, Existing existing);
void remove_ledger_row(Connection& connection, std::int64_t version);

void put_journal(Connection& connection, const JournalRow& row);
void clear_journal(Connection& connection);

}  // namespace logctl::storage::postgres
