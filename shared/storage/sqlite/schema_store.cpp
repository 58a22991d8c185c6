#include "shared/storage/sqlite/schema_store.h"

#include "shared/base/file.h"
#include "shared/storage/sqlite/meta.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

using std::chrono::steady_clock;

constexpr milliseconds kPause(10);

constexpr const char* kCreateLedger =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "  version      INTEGER PRIMARY KEY,"
    "  name         TEXT NOT NULL,"
    "  sha256       TEXT NOT NULL,"
    "  applied_at   INTEGER NOT NULL,"
    "  took_us      INTEGER NOT NULL,"
    "  tool_version TEXT NOT NULL"
    ") STRICT";

// The lock file, locked and naming this process.
File take_lock(const std::filesystem::path& path, microseconds wait) {
  create_file(path);
  File file = File::open_append(path, 0640);
  const auto deadline = steady_clock::now() + wait;
  while (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      throw Error(ErrorCode::io, fmt::format("lock '{}': {}", path.string(), errno_text(errno)));
    }
    if (steady_clock::now() >= deadline) {
      std::string holder = read_file(path);
      if (holder.empty()) holder = "another process";
      throw Error(ErrorCode::locked,
                  fmt::format("'{}' is locked by {}, which is migrating", path.string(), holder),
                  "wait for it to end, or end it");
    }
    std::this_thread::sleep_for(kPause);
  }
  if (::ftruncate(file.fd(), 0) != 0) {
    throw Error(ErrorCode::io, fmt::format("cut '{}': {}", path.string(), errno_text(errno)));
  }
  file.write_all(fmt::format("process {} (logctl {})", ::getpid(), LOGCTL_VERSION));
  return file;
}

}  // namespace

class SqliteSchemaStore::MigrationLock final : public SchemaStore::Lock {
 public:
  MigrationLock(File file, Connection connection)
      : file_(std::move(file)), connection_(std::move(connection)) {}

  void apply(std::string_view sql, const LedgerRow& row) override {
    try {
      const auto start = steady_clock::now();
      Transaction transaction(connection_);
      connection_.execute(kCreateLedger);
      connection_.execute(std::string(sql));
      const auto took = std::chrono::duration_cast<microseconds>(steady_clock::now() - start);
      Statement insert = connection_.prepare(
          "INSERT INTO schema_migrations (version, name, sha256, applied_at, took_us, "
          "tool_version) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
      insert.bind(1, row.version);
      insert.bind(2, row.name);
      insert.bind(3, row.sha256);
      insert.bind(4, to_micros(row.applied_at));
      insert.bind(5, std::int64_t{took.count()});
      insert.bind(6, row.tool_version);
      insert.run();
      transaction.commit();
    } catch (const Error& error) {
      throw error.within(fmt::format("apply step {} '{}'", row.version, row.name));
    }
  }

  void revert(std::string_view sql, std::int64_t version) override {
    try {
      Transaction transaction(connection_);
      connection_.execute(std::string(sql));
      Statement remove = connection_.prepare("DELETE FROM schema_migrations WHERE version = ?1");
      remove.bind(1, version);
      remove.run();
      transaction.commit();
    } catch (const Error& error) {
      throw error.within(fmt::format("revert step {}", version));
    }
  }

 private:
  File file_;  // closing it ends the lock
  Connection connection_;
};

SqliteSchemaStore::SqliteSchemaStore(const Directory& directory, Access access)
    : directory_(directory), access_(access), connection_(open_meta(directory, access)) {}

std::vector<LedgerRow> SqliteSchemaStore::ledger() {
  const logctl::Lock lock(mutex_);
  std::vector<LedgerRow> rows;
  if (connection_.scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' "
                         "AND name = 'schema_migrations'") == 0) {
    return rows;
  }
  Statement select = connection_.prepare(
      "SELECT version, name, sha256, applied_at, took_us, tool_version FROM schema_migrations "
      "ORDER BY version");
  while (select.step()) {
    rows.push_back({select.integer(0), std::string(select.text(1)), std::string(select.text(2)),
                    from_micros(select.integer(3)), microseconds(select.integer(4)),
                    std::string(select.text(5))});
  }
  return rows;
}

std::unique_ptr<SchemaStore::Lock> SqliteSchemaStore::lock(microseconds wait) {
  if (access_ == Access::read_only) {
    throw Error(ErrorCode::storage,
                fmt::format("sqlite '{}': opened for reading only", directory_.root().string()));
  }
  File file = take_lock(directory_.lock_file(), wait);
  return std::make_unique<MigrationLock>(std::move(file), open_meta(directory_, access_));
}

}  // namespace logctl::storage::sqlite
