#include "shared/storage/postgres/schema_store.h"

#include "shared/base/error.h"
#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/copy_encoder.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <thread>
#include <utility>

namespace logctl::storage::postgres {
namespace {

constexpr std::uint32_t kText = 25;
constexpr std::uint32_t kBigint = 20;
constexpr milliseconds kPoll{100};

// Two numbers name the lock: what it is for, and the schema, so that two schemas of one database do
// not wait for each other.
constexpr const char* kTryLock =
    "SELECT pg_try_advisory_lock(hashtext('logctl migrations'), "
    "hashtext(coalesce(current_schema(), '')))";
constexpr const char* kHolder =
    "SELECT a.pid, a.application_name, coalesce(a.client_addr::text, 'this machine'), "
    "to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
    "FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND l.classid = hashtext('logctl migrations')::bigint::bit(32)::bigint "
    "AND l.objid = hashtext(coalesce(current_schema(), ''))::bigint::bit(32)::bigint";
constexpr const char* kMakeLedger =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "version bigint PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, "
    "applied_at timestamptz NOT NULL, took_us bigint NOT NULL, tool_version text NOT NULL)";

std::int64_t to_integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string describe_holder(Connection& connection) {
  const Result holder = connection.execute("find the holder of the migration lock", kHolder);
  if (holder.rows() == 0) return "by a session that has just ended";
  return fmt::format("by process {} ({}, from {}, connected since {})", holder.value(0, 0),
                     holder.value(0, 1), holder.value(0, 2), holder.value(0, 3));
}

class PostgresLock final : public SchemaStore::Lock {
 public:
  explicit PostgresLock(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  void apply(std::string_view sql, const LedgerRow& row) override {
    const std::string what = fmt::format("migration {} {}", row.version, row.name);
    const std::string applied = encode_value(row.applied_at);
    const std::string number = encode_value(row.version);
    const std::string took = encode_value(std::int64_t{row.took.count()});
    const std::array parameters = {
        BinaryParameter{kBigint, number},   BinaryParameter{kText, row.name},
        BinaryParameter{kText, row.sha256}, BinaryParameter{kTime, applied},
        BinaryParameter{kBigint, took},     BinaryParameter{kText, row.tool_version},
    };
    run(what, std::string(kMakeLedger) + ";\n" + std::string(sql), [&] {
      connection_->execute(what,
                           "INSERT INTO schema_migrations (version, name, sha256, applied_at, "
                           "took_us, tool_version) VALUES ($1, $2, $3, $4, $5, $6)",
                           parameters);
    });
  }

  void revert(std::string_view sql, std::int64_t version) override {
    const std::string what = fmt::format("migration {} (down)", version);
    run(what, std::string(sql), [&] {
      connection_->execute(
          what, fmt::format("DELETE FROM schema_migrations WHERE version = {}", version));
    });
  }

 private:
  template <typename Record>
  void run(const std::string& what, const std::string& sql, Record record) {
    try {
      connection_->execute(what, "BEGIN");
      connection_->execute(what, sql);
      record();
      connection_->execute(what, "COMMIT");
    } catch (const ServerError&) {
      if (!connection_->broken()) connection_->execute(what, "ROLLBACK");
      throw;
    }
  }

  std::unique_ptr<Connection> connection_;
};

}  // namespace

PostgresSchemaStore::PostgresSchemaStore(std::string conninfo) : conninfo_(std::move(conninfo)) {}

std::vector<LedgerRow> PostgresSchemaStore::ledger() {
  Connection connection(conninfo_);
  std::vector<LedgerRow> rows;
  const Result there = connection.execute("read the migration ledger",
                                          "SELECT to_regclass('schema_migrations') IS NOT NULL");
  if (there.value(0, 0) != "t") return rows;
  const Result found = connection.execute(
      "read the migration ledger",
      "SELECT version, name, sha256, (extract(epoch from applied_at)*1000000)::bigint, took_us, "
      "tool_version FROM schema_migrations ORDER BY version");
  for (int i = 0; i < found.rows(); ++i) {
    LedgerRow& row = rows.emplace_back();
    row.version = to_integer(found.value(i, 0));
    row.name = found.value(i, 1);
    row.sha256 = found.value(i, 2);
    row.applied_at = from_micros(to_integer(found.value(i, 3)));
    row.took = microseconds(to_integer(found.value(i, 4)));
    row.tool_version = found.value(i, 5);
  }
  return rows;
}

std::unique_ptr<SchemaStore::Lock> PostgresSchemaStore::lock(microseconds wait) {
  auto connection = std::make_unique<Connection>(conninfo_);
  connection->execute("prepare the connection",
                      "SET application_name = 'logctl migrate'; SET statement_timeout = 0; "
                      "SET TimeZone = 'UTC'");
  const auto deadline = std::chrono::steady_clock::now() + wait;
  for (;;) {
    const Result got = connection->execute("take the migration lock", kTryLock);
    if (got.value(0, 0) == "t") return std::make_unique<PostgresLock>(std::move(connection));
    if (std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(kPoll);
  }
  throw Error(ErrorCode::locked, "the migration lock is held " + describe_holder(*connection),
              "wait until that run has finished, then try again");
}

}  // namespace logctl::storage::postgres
