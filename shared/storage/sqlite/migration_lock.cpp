#include "shared/storage/sqlite/migration_lock.h"

#include "shared/base/clock.h"
#include "shared/storage/sqlite/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace logctl::storage::sqlite {
namespace {

using std::chrono::steady_clock;

constexpr milliseconds kPause(10);

// Not waiting; false when another process holds it.
bool try_lock(const File& file, int how) {
  while (::flock(file.fd(), how | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) {
      throw Error(ErrorCode::io,
                  fmt::format("lock '{}': {}", file.path().string(), errno_text(errno)));
    }
  }
  return true;
}

File take_lock(const Directory& directory, microseconds wait) {
  const std::filesystem::path path = directory.lock_file();
  create_file(path);
  File file = File::open_append(path, 0640);
  const auto deadline = steady_clock::now() + wait;
  while (!try_lock(file, LOCK_EX)) {
    if (steady_clock::now() >= deadline) throw lock_error(decode_holder(read_file(path)), wait);
    std::this_thread::sleep_for(kPause);
  }
  file.truncate(0);
  file.write_all(encode(this_process(system_clock().now())) + "\n");
  return file;
}

}  // namespace

std::optional<LockHolder> holder_of_lock(const Directory& directory) {
  try {
    const File file = File::open_read(directory.lock_file());
    // A shared lock for a moment: two that look do not see each other.
    if (try_lock(file, LOCK_SH)) return std::nullopt;
    return decode_holder(read_file(directory.lock_file()));
  } catch (const Error&) {
    return std::nullopt;  // never locked, or not ours to read
  }
}

MigrationLock::MigrationLock(const Directory& directory, microseconds wait, Connection connection,
                             Version version)
    : file_(take_lock(directory, wait)), connection_(std::move(connection)), version_(version) {
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
