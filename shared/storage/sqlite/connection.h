// A thin layer over one SQLite connection and its statements.
//
// One thread at a time uses a Connection and its statements; statements must not outlive it: they
// go back to it. Text is bound without a copy and must stay where it is until the statement is
// stepped or reset. Every failure throws Error naming the file: `locked` when another process is in
// the way, `unavailable` or `io` when disk or file system fail, `timeout` when a deadline passed,
// else `storage`.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/storage/sqlite/statement_cache.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace logctl::storage::sqlite {

class Statement {
 public:
  Statement() = default;
  // Goes back to `cache` at its end.
  Statement(sqlite3* db, std::string_view sql, StatementCache& cache);
  // Is its owner's until its end.
  Statement(sqlite3* db, std::string_view sql);

  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  void bind(int index, std::string_view text);
  void bind_null(int index);
  // Empty text is an absent value.
  void bind_optional(int index, std::string_view text) {
    text.empty() ? bind_null(index) : bind(index, text);
  }
  void bind_optional(int index, std::optional<std::int64_t> value) {
    value ? bind(index, *value) : bind_null(index);
  }
  void bind_optional(int index, std::optional<Timestamp> time) {
    time ? bind(index, to_micros(*time)) : bind_null(index);
  }

  // True when there is a row to read.
  bool step();
  // Steps a statement that returns no rows and makes it ready for the next values.
  void run();
  // The same, but a value that the table refuses gives the store's words instead of an error.
  std::optional<std::string> run_or_refuse();
  void reset();

  std::int64_t integer(int column) const;
  double real(int column) const;
  // Valid until the next step or reset.
  std::string_view text(int column) const;
  bool is_null(int column) const;
  // Microseconds since 1970; nothing for NULL.
  std::optional<Timestamp> time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(from_micros(integer(column)));
  }
  // One of SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB, SQLITE_NULL.
  int type(int column) const;

 private:
  struct End {
    StatementCache* cache;  // null: it is thrown away
    void operator()(sqlite3_stmt* statement) const;
  };
  void check(int result) const;
  std::unique_ptr<sqlite3_stmt, End> statement_;
};

enum class Mode {
  read_only,
  unchanging,  // to read a file that nobody ever writes again: no locks, nothing is looked at twice
  read_write,
  create,
};

class Connection {
 public:
  // `create` makes the file when it is missing; the others throw Error{not_found} then.
  Connection(std::filesystem::path file, Mode mode, milliseconds busy_timeout);

  // Its plan is kept for when the same text comes again.
  Statement prepare(std::string_view sql) { return Statement(db_.get(), sql, *idle_); }
  // For statements that their owner holds for as long as the connection.
  Statement prepare_owned(std::string_view sql) { return Statement(db_.get(), sql); }
  // Runs one or more statements without values; rows are thrown away.
  void execute(const std::string& sql);
  std::int64_t scalar(std::string_view sql);
  // Replaces everything in this database by a consistent copy of another one, in one transaction of
  // both.
  void copy_from(Connection& source);

  // From now on the write-ahead log is left alone by commits, and log_pages tells its length after
  // the last one.
  void leave_log();
  int log_pages() const { return *log_pages_; }
  // Rows that the last insert, update or delete changed.
  int changes() const;
  bool in_transaction() const;
  // Statements that run past this point in time end with Error{timeout}.
  void set_deadline(std::chrono::steady_clock::time_point deadline);
  const std::filesystem::path& file() const { return file_; }

 private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  static int past_deadline(void* connection);

  std::filesystem::path file_;
  // On the heap: SQLite keeps their addresses.
  std::unique_ptr<std::chrono::steady_clock::time_point> deadline_;
  std::unique_ptr<int> log_pages_ = std::make_unique<int>(0);
  std::unique_ptr<sqlite3, Close> db_;
  std::unique_ptr<StatementCache> idle_ = std::make_unique<StatementCache>();  // ends before db_
};

// BEGIN IMMEDIATE now; rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  // Returns when the transaction is on disk.
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

// Changing the journal mode does not wait for other processes by itself; this waits up to
// `patience`.
void use_write_ahead_log(Connection& connection, milliseconds patience);

}  // namespace logctl::storage::sqlite
