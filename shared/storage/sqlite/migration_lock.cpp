#include "shared/storage/sqlite/migration_lock.h"

#include "shared/base/clock.h"
#include "shared/storage/sqlite/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace logctl::storage::sqlite {
namespace {

using std::chrono::steady_clock;

ProcessLock take_lock(const Directory& directory, microseconds wait) {
  const std::filesystem::path path = directory.lock_file();
  create_file(path);
  std::optional<ProcessLock> lock = ProcessLock::take(path, wait, system_clock().now());
  if (!lock) throw lock_error(ProcessLock::holder(path), wait);
  return std::move(*lock);
}

}  // namespace

MigrationLock::MigrationLock(const Directory& directory, microseconds wait, Connection connection,
                             Version version)
    : lock_(take_lock(directory, wait)), connection_(std::move(connection)), version_(version) {
  const auto patience = std::chrono::duration_cast<milliseconds>(wait).count();
  connection_.execute(fmt::format("PRAGMA busy_timeout = {}", patience));
}

void MigrationLock::set_version(std::int64_t version) {
  if (version_ == Version::user_version) {
    connection_.execute(fmt::format("PRAGMA user_version = {}", version));
  }
}

void MigrationLock::apply(std::string_view sql, const LedgerRow& row) {
  try {
    const auto start = steady_clock::now();
    Transaction transaction(connection_);
    for (const LedgerRow& other : read_ledger(connection_)) {
      if (other.version != row.version) continue;
      throw Error(ErrorCode::conflict, "it is in the ledger already");
    }
    connection_.execute(std::string(sql));
    LedgerRow measured = row;
    measured.took = std::chrono::duration_cast<microseconds>(steady_clock::now() - start);
    put_ledger_row(connection_, measured);
    set_version(row.version);
    transaction.commit();
  } catch (const Error& error) {
    throw error.within(fmt::format("apply step {} '{}'", row.version, row.name));
  }
}

void MigrationLock::revert(std::string_view sql, std::int64_t version, std::string_view name) {
  try {
    Transaction transaction(connection_);
    connection_.execute(std::string(sql));
    remove_ledger_row(connection_, version);
    set_version(version - 1);
    transaction.commit();
  } catch (const Error& error) {
    throw error.within(fmt::format("revert step {} '{}'", version, name));
  }
}

void MigrationLock::execute(std::string_view statement) {
  connection_.execute(std::string(statement));
}

void MigrationLock::begin(const JournalRow& row) {
  Transaction transaction(connection_);
  put_journal(connection_, row);
  transaction.commit();
}

void MigrationLock::end(std::int64_t version, const std::optional<LedgerRow>& row) {
  Transaction transaction(connection_);
  clear_journal(connection_);
  if (row) {
    put_ledger_row(connection_, *row);
    set_version(row->version);
  } else {
    remove_ledger_row(connection_, version);
    set_version(version - 1);
  }
  transaction.commit();
}

void MigrationLock::record(std::span<const LedgerRow> rows) {
  Transaction transaction(connection_);
  for (const LedgerRow& row : rows) put_ledger_row(connection_, row);
  if (version_ == Version::user_version && !rows.empty()) {
    const std::int64_t now = connection_.scalar("PRAGMA user_version");
    const auto newest =
        std::max_element(rows.begin(), rows.end(),
                         [](const auto& a, const auto& b) { return a.version < b.version; });
    set_version(std::max(now, newest->version));
  }
  transaction.commit();
}

}  // namespace logctl::storage::sqlite
