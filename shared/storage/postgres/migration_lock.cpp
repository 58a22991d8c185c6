#include "shared/storage/postgres/migration_lock.h"

#include "shared/base/clock.h"
#include "shared/storage/postgres/ledger.h"
#include "shared/storage/postgres/session_lock.h"
#include "shared/storage/sql_text.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>
#include <utility>

namespace logctl::storage::postgres {
namespace {

using std::chrono::steady_clock;

constexpr milliseconds kPoll{100};
// A statement that the server would run on for nobody ends about so soon after its client did.
constexpr const char* kPrepare =
    "SET statement_timeout = 0; SET TimeZone = 'UTC'; "
    "SELECT set_config(name, '500ms', false) FROM pg_settings "
    "WHERE name = 'client_connection_check_interval'";
constexpr std::string_view kLock = "logctl migrations";
// Whoever has been in a transaction the longest is most likely in the way.
constexpr const char* kOldestTransaction =
    "SELECT pid, application_name, coalesce(host(client_addr), 'a local socket'), "
    "to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
    "FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() "
    "AND datname = current_database() ORDER BY xact_start LIMIT 1";

class PostgresLock final : public SchemaStore::Lock {
 public:
  PostgresLock(std::unique_ptr<Connection> connection, std::string schema,
               Partitioning partitioning)
      : connection_(std::move(connection)),
        schema_(std::move(schema)),
        partitioning_(partitioning) {}

  void apply(std::string_view sql, const LedgerRow& row) override {
    const std::string what = fmt::format("apply step {} '{}'", row.version, row.name);
    const auto start = steady_clock::now();
    in_transaction(what, [&] {
      connection_->execute(what, std::string(sql));
      if (row.name == kHypertableStep) choose_partitioning(*connection_, partitioning_);
      LedgerRow measured = row;
      measured.took = std::chrono::duration_cast<microseconds>(steady_clock::now() - start);
      put_ledger_row(*connection_, schema_, measured, Existing::refuse);
    });
  }

  void revert(std::string_view sql, std::int64_t version, std::string_view name) override {
    const std::string what = fmt::format("revert step {} '{}'", version, name);
    in_transaction(what, [&] {
      if (name == kHypertableStep && is_hypertable(*connection_)) make_partitioned(*connection_);
      connection_->execute(what, std::string(sql));
      remove_ledger_row(*connection_, schema_, version);
    });
  }

  void execute(std::string_view statement) override {
    remove_invalid_index(concurrent_index(statement));
    const std::string what = fmt::format("`{}`", headline(statement));
    explained([&] { connection_->execute(what, std::string(statement)); });
  }

  void begin(const JournalRow& row) override {
    in_transaction("write the migration journal", [&] { put_journal(*connection_, schema_, row); });
  }

  void end(std::int64_t version, const std::optional<LedgerRow>& row) override {
    in_transaction("write the migration ledger", [&] {
      clear_journal(*connection_, schema_);
      if (row) {
        put_ledger_row(*connection_, schema_, *row, Existing::replace);
      } else {
        remove_ledger_row(*connection_, schema_, version);
      }
    });
  }

  void record(std::span<const LedgerRow> rows) override {
    in_transaction("write the migration ledger", [&] {
      for (const LedgerRow& row : rows)
        put_ledger_row(*connection_, schema_, row, Existing::replace);
    });
  }

 private:
  template <typename Work>
  void in_transaction(std::string_view what, Work work) {
    explained([&] {
      try {
        connection_->execute(what, "BEGIN");
        work();
        connection_->execute(what, "COMMIT");
      } catch (const Error&) {
        if (!connection_->broken()) connection_->execute(what, "ROLLBACK");
        throw;
      }
    });
  }

  // Adds to what the server said what to do about it.
  template <typename Work>
  void explained(Work work) {
    try {
      work();
    } catch (const ServerError& error) {
      if (error.sqlstate() == "55P03") throw in_the_way(error);
      if (error.sqlstate() == "2BP01") {
        throw Error(error.code(), error.message(),
                    "what was added to the schema goes first: the functions of message-db by "
                    "`logctl migrate down --without message-db`");
      }
      throw;
    }
  }

  Error in_the_way(const ServerError& error) {
    const Result oldest = connection_->execute("find who is in the way", kOldestTransaction);
    if (oldest.rows() == 0) return error;
    return Error(
        ErrorCode::locked,
        fmt::format("{}; the oldest transaction is that of server process {} ({}, from {}) since {}",
                    error.message(), oldest.value(0, 0), oldest.value(0, 1), oldest.value(0, 2),
                    oldest.value(0, 3)),
        "wait until it has ended or end it, or give it more time with --lock-timeout");
  }

  // CREATE INDEX CONCURRENTLY that failed or was cut off leaves an index that is never used, and
  // that IF NOT EXISTS takes for a good one.
  void remove_invalid_index(const std::string& name) {
    if (name.empty()) return;
    const std::string what = fmt::format("look at index {}", name);
    const Result invalid = connection_->execute(
        what, fmt::format("SELECT 1 FROM pg_index WHERE NOT indisvalid AND indexrelid = "
                          "to_regclass({})",
                          connection_->quote(name)));
    if (invalid.rows() == 0) return;
    connection_->execute(fmt::format("drop the unfinished index {}", name),
                         fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {}", name));
  }

  std::unique_ptr<Connection> connection_;
  const std::string schema_;
  const Partitioning partitioning_;
};

}  // namespace

std::optional<LockHolder> holder_of_lock(Connection& connection) {
  return session_lock_holder(connection, kLock);
}

std::unique_ptr<SchemaStore::Lock> take_migration_lock(const std::string& conninfo,
                                                       const std::string& schema,
                                                       microseconds wait,
                                                       Partitioning partitioning) {
  auto connection = std::make_unique<Connection>(conninfo);
  const auto patience = std::chrono::duration_cast<milliseconds>(wait).count();
  connection->execute("prepare the connection", kPrepare);
  // 0 would mean to wait for ever.
  connection->execute("prepare the connection",
                      fmt::format("SET lock_timeout = {}", std::max<std::int64_t>(patience, 1)));
  name_connection(*connection, "logctl migrate, waiting");
  const auto deadline = steady_clock::now() + wait;
  for (;;) {
    if (try_session_lock(*connection, kLock)) break;
    if (steady_clock::now() >= deadline) throw lock_error(holder_of_lock(*connection), wait);
    std::this_thread::sleep_for(kPoll);
  }
  name_connection(*connection, encode(this_process(system_clock().now())));
  return std::make_unique<PostgresLock>(std::move(connection), schema, partitioning);
}

}  // namespace logctl::storage::postgres
