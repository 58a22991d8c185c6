#include "shared/storage/sqlite/connection.h"

#include "shared/base/cancellation.h"
#include "shared/base/priority.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/functions.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <thread>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

// Virtual machine steps between two looks at the deadline: some tens of microseconds.
constexpr int kStepsPerCheck = 10'000;
constexpr milliseconds kJournalModePause(5);

ErrorCode code_of(int result) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::locked;
    case SQLITE_FULL:
      return ErrorCode::disk_full;
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
      return ErrorCode::unavailable;
    case SQLITE_IOERR:
      return ErrorCode::io;
    case SQLITE_CONSTRAINT:
      return ErrorCode::conflict;
    default:
      return ErrorCode::storage;
  }
}

std::string hint_for(sqlite3* db, int result, std::string_view message) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
      return "another process is writing to this store: try again when it is done";
    case SQLITE_FULL:
      return "make room on the disk";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "set the file aside and restore it from a backup; the other files are not affected";
    case SQLITE_CANTOPEN:
      if (const int error = sqlite3_system_errno(db); error == EACCES || error == EPERM) {
        return "run it as the user that the store belongs to, and look at the rights of its files";
      }
      break;
    case SQLITE_READONLY:
      return "check the owner and the mode of the file and its directory";
    default:
      break;
  }
  if (message.starts_with("no such table")) return "run `logctl migrate up`";
  return {};
}

[[noreturn]] void raise(sqlite3* db, int result) {
  const char* name = sqlite3_db_filename(db, "main");
  // The connection's text belongs to its latest call, which may not be the one that failed.
  const bool own = sqlite3_extended_errcode(db) == result || sqlite3_errcode(db) == result;
  const std::string_view message = own ? sqlite3_errmsg(db) : sqlite3_errstr(result);
  if ((result & 0xff) == SQLITE_INTERRUPT) {
    throw Error(ErrorCode::timeout, "the store took too long to answer",
                "ask for a shorter time range, or raise database.statement_timeout");
  }
  throw Error(code_of(result), fmt::format("sqlite '{}': {}", name != nullptr ? name : "", message),
              hint_for(db, result, message));
}

// https://www.sqlite.org/uri.html
std::string unchanging_name(const std::filesystem::path& file) {
  std::string name = "file:";
  for (const char c : file.string()) {
    if (c == '%' || c == '?' || c == '#') {
      name += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      name += c;
    }
  }
  return name + "?immutable=1";
}

sqlite3_stmt* compile(sqlite3* db, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) raise(db, result);
  return statement;
}

}  // namespace

void Statement::End::operator()(sqlite3_stmt* statement) const {
  cache != nullptr ? cache->keep(statement) : static_cast<void>(sqlite3_finalize(statement));
}

Statement::Statement(sqlite3* db, std::string_view sql, StatementCache& cache)
    : statement_(cache.take(sql), End{&cache}) {
  if (!statement_) statement_.reset(compile(db, sql));
}

Statement::Statement(sqlite3* db, std::string_view sql)
    : statement_(compile(db, sql), End{nullptr}) {}

void Statement::check(int result) const {
  if (result != SQLITE_OK) raise(sqlite3_db_handle(statement_.get()), result);
}

void Statement::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::bind(int index, double value) {
  check(sqlite3_bind_double(statement_.get(), index, value));
}

void Statement::bind(int index, std::string_view text) {
  // A null pointer would mean NULL, not empty text.
  const char* data = text.data() != nullptr ? text.data() : "";
  check(
      sqlite3_bind_text64(statement_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind_null(int index) { check(sqlite3_bind_null(statement_.get(), index)); }

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  const int failure = sqlite3_extended_errcode(sqlite3_db_handle(statement_.get()));
  sqlite3_reset(statement_.get());
  raise(sqlite3_db_handle(statement_.get()), failure);
}

void Statement::run() {
  while (step()) {
  }
  sqlite3_reset(statement_.get());
}

std::optional<std::string> Statement::run_or_refuse() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return std::nullopt;
  }
  sqlite3* db = sqlite3_db_handle(statement_.get());
  const int basic = result & 0xff;
  if (basic != SQLITE_CONSTRAINT && basic != SQLITE_TOOBIG && basic != SQLITE_MISMATCH) {
    sqlite3_reset(statement_.get());
    raise(db, result);
  }
  std::string words = sqlite3_errmsg(db);
  sqlite3_reset(statement_.get());
  return words;
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string_view Statement::text(int column) const {
  // The text first: asking for it may convert the value, which changes the length.
  const void* data = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

int Statement::type(int column) const { return sqlite3_column_type(statement_.get(), column); }

void Connection::Close::operator()(sqlite3* db) const { sqlite3_close_v2(db); }

Connection::Connection(std::filesystem::path file, Mode mode, milliseconds busy_timeout)
    : file_(std::move(file)) {
  // Nobody asks SQLite how much memory it uses; counting it takes a lock that all connections share
  // for every allocation. Only before the first one is opened, else it changes nothing.
  [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  const bool in_memory = file_ == ":memory:";
  if (mode == Mode::create && !in_memory) create_file(file_);
  if (mode != Mode::create && !std::filesystem::exists(file_)) {
    throw Error(ErrorCode::not_found,
                fmt::format("sqlite '{}': there is no such file", file_.string()));
  }
  const bool unchanging = mode == Mode::unchanging;
  const int access = unchanging || mode == Mode::read_only ? SQLITE_OPEN_READONLY
                     : in_memory ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                 : SQLITE_OPEN_READWRITE;
  const std::string name = unchanging ? unchanging_name(file_) : file_.string();
  const int flags = SQLITE_OPEN_NOMUTEX | access | (unchanging ? SQLITE_OPEN_URI : 0);
  sqlite3* db = nullptr;
  const int result = sqlite3_open_v2(name.c_str(), &db, flags, nullptr);
  db_.reset(db);
  if (result != SQLITE_OK) {
    throw Error(code_of(result),
                fmt::format("sqlite '{}': {}", file_.string(), sqlite3_errstr(result)),
                hint_for(db, result, {}));
  }
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, static_cast<int>(busy_timeout.count()));
  if (const int registered = register_functions(db); registered != SQLITE_OK) {
    raise(db, registered);
  }
}

void Connection::execute(const std::string& sql) {
  const int result = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) raise(db_.get(), result);
}

std::int64_t Connection::scalar(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

void Connection::copy_from(Connection& source) {
  sqlite3_backup* copy = sqlite3_backup_init(db_.get(), "main", source.db_.get(), "main");
  if (copy == nullptr) raise(db_.get(), sqlite3_extended_errcode(db_.get()));
  const int stepped = sqlite3_backup_step(copy, -1);
  const int result = sqlite3_backup_finish(copy);
  // A full disk is the target's error; locked or damaged pages are the source's.
  if (result != SQLITE_OK) raise(db_.get(), result);
  if (stepped != SQLITE_DONE) raise(source.db_.get(), stepped);
}

void Connection::leave_log() {
  sqlite3_wal_hook(
      db_.get(),
      [](void* pages, sqlite3*, const char*, int now) {
        *static_cast<int*>(pages) = now;
        return SQLITE_OK;
      },
      log_pages_.get());
}

int Connection::changes() const { return sqlite3_changes(db_.get()); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }

int Connection::past_deadline(void* deadline) {
  look_at_work();
  const auto* point = static_cast<const std::chrono::steady_clock::time_point*>(deadline);
  return Cancellation::requested() || std::chrono::steady_clock::now() > *point ? 1 : 0;
}

void Connection::set_deadline(std::chrono::steady_clock::time_point deadline) {
  if (!deadline_) {
    deadline_ = std::make_unique<std::chrono::steady_clock::time_point>();
    sqlite3_progress_handler(db_.get(), kStepsPerCheck, past_deadline, deadline_.get());
  }
  *deadline_ = deadline;
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (const Error&) {  // some failures have rolled back already
  }
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  open_ = false;
}

void use_write_ahead_log(Connection& connection, milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    try {
      connection.execute("PRAGMA journal_mode = WAL");
      return;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::locked || std::chrono::steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(kJournalModePause);
  }
}

}  // namespace logctl::storage::sqlite
