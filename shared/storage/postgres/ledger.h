// The migration ledger and the journal in PostgreSQL.
//
// Functions over a connection; who calls the writing ones has the transaction. The tables are made
// when the first row is written, in `schema`; empty means the one that the connection works in.
#pragma once

#include "shared/storage/postgres/connection.h"
#include "shared/storage/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace logctl::storage::postgres {

std::vector<LedgerRow> read_ledger(Connection& connection, const std::string& schema);
std::optional<JournalRow> read_journal(Connection& connection, const std::string& schema);

enum class Existing { refuse, replace };
void put_ledger_row(Connection& connection, const std::string& schema, const LedgerRow& row,
                    Existing existing);
void remove_ledger_row(Connection& connection, const std::string& schema, std::int64_t version);

void put_journal(Connection& connection, const std::string& schema, const JournalRow& row);
void clear_journal(Connection& connection, const std::string& schema);

}  // namespace logctl::storage::postgres
