#include "shared/storage/postgres/connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <optional>
#include <poll.h>
#include <utility>

namespace logctl::storage::postgres {
namespace {

constexpr int kOldestServer = 130000;  // pg_current_xact_id

std::string_view text_or_empty(const char* text) { return text != nullptr ? text : ""; }

std::string_view sqlstate_of(const pg_result* result) {
  return result != nullptr ? text_or_empty(PQresultErrorField(result, PG_DIAG_SQLSTATE)) : "";
}

}  // namespace

ServerError::ServerError(std::string_view what, std::string_view sqlstate, std::string_view message,
                         std::string_view context, bool names_constraint)
    : Error(to_error(what, sqlstate, message)),
      fault_(classify(sqlstate, names_constraint)),
      sqlstate_(sqlstate),
      said_(first_line(message)),
      context_(context) {}

void Result::Free::operator()(pg_result* result) const { PQclear(result); }
int Result::rows() const { return PQntuples(result_.get()); }
bool Result::is_null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}
std::string_view Result::command() const { return PQcmdStatus(result_.get()); }
std::string_view Result::value(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

Connection::Connection(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {
  if (connection_ == nullptr) throw ServerError("connect to PostgreSQL", "53200", "out of memory");
  // A constructor that throws does not run the destructor.
  struct Finish {
    void operator()(pg_conn* connection) const { PQfinish(connection); }
  };
  std::unique_ptr<pg_conn, Finish> guard(connection_);
  if (PQstatus(connection_) != CONNECTION_OK) {
    throw ServerError("connect to PostgreSQL", "", PQerrorMessage(connection_));
  }
  if (PQserverVersion(connection_) < kOldestServer) {
    throw Error(ErrorCode::storage,
                fmt::format("the PostgreSQL server has version {}, expected 13 or newer",
                            PQserverVersion(connection_) / 10000));
  }
  // Notices such as "already exists, skipping" are no news.
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
  static_cast<void>(guard.release());
}

Connection::~Connection() { PQfinish(connection_); }

bool Connection::broken() const { return PQstatus(connection_) != CONNECTION_OK; }

int Connection::backend_pid() const { return PQbackendPID(connection_); }

int Connection::server_version() const { return PQserverVersion(connection_); }

void Connection::fail(std::string_view what, const pg_result* result) {
  // A broken connection counts as that, whatever the server said last.
  const std::string_view state = broken() ? std::string_view() : sqlstate_of(result);
  const std::string_view primary =
      result != nullptr ? text_or_empty(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)) : "";
  const std::string_view context =
      result != nullptr ? text_or_empty(PQresultErrorField(result, PG_DIAG_CONTEXT)) : "";
  throw ServerError(
      what, state, primary.empty() ? text_or_empty(PQerrorMessage(connection_)) : primary, context,
      result != nullptr && PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) != nullptr);
}

void Connection::drain() {
  while (pg_result* result = PQgetResult(connection_)) PQclear(result);
}

namespace {

// What libpq wants of binary parameters, side by side.
struct SentParameters {
  explicit SentParameters(std::span<const BinaryParameter> parameters)
      : formats(parameters.size(), 1) {
    for (const BinaryParameter& parameter : parameters) {
      types.push_back(parameter.type);
      values.push_back(parameter.bytes.data());
      lengths.push_back(static_cast<int>(parameter.bytes.size()));
    }
  }
  int size() const { return static_cast<int>(values.size()); }

  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
};

}  // namespace

Result Connection::execute(std::string_view what, const std::string& sql) {
  pg_result* raw = PQexec(connection_, sql.c_str());
  Result result(raw);
  const ExecStatusType status = PQresultStatus(raw);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(what, raw);
  return result;
}

Result Connection::execute(std::string_view what, const std::string& sql,
                           std::span<const BinaryParameter> parameters, bool binary_result) {
  const SentParameters sent(parameters);
  pg_result* raw =
      PQexecParams(connection_, sql.c_str(), sent.size(), sent.types.data(), sent.values.data(),
                   sent.lengths.data(), sent.formats.data(), binary_result ? 1 : 0);
  Result result(raw);
  const ExecStatusType status = PQresultStatus(raw);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(what, raw);
  return result;
}

void Connection::send(std::string_view what, const Call& call) {
  const SentParameters sent(call.parameters);
  const Prepared& statement = *call.statement;
  if (!prepared_.contains(statement.name)) {
    if (PQsendPrepare(connection_, statement.name, statement.sql, sent.size(), sent.types.data()) ==
        0) {
      fail(what, nullptr);
    }
  }
  if (PQsendQueryPrepared(connection_, statement.name, sent.size(), sent.values.data(),
                          sent.lengths.data(), sent.formats.data(), 0) == 0) {
    fail(what, nullptr);
  }
}

std::vector<Result> Connection::execute_together(std::string_view what,
                                                 std::span<const Call> calls) {
  if (PQenterPipelineMode(connection_) == 0) fail(what, nullptr);
  // Results come in the order of what was sent: of each statement that is new here, two.
  struct Expected {
    std::string_view statement;
    bool preparing = false;
  };
  std::vector<Expected> expected;
  for (const Call& call : calls) {
    send(what, call);
    const std::string_view name = call.statement->name;
    if (prepared_.insert(name).second) expected.push_back({name, true});
    expected.push_back({name, false});
  }
  if (PQpipelineSync(connection_) == 0) fail(what, nullptr);

  std::vector<Result> results;
  std::optional<Result> failed;
  pg_result* failure = nullptr;
  for (const auto& [statement, preparing] : expected) {
    pg_result* raw = PQgetResult(connection_);
    Result result(raw);
    const ExecStatusType status = PQresultStatus(raw);
    if (raw == nullptr || broken()) fail(what, raw);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      if (preparing) prepared_.erase(statement);
      if (!failed) {
        failure = raw;
        failed = std::move(result);
      }
    } else if (!preparing) {
      results.push_back(std::move(result));
    }
    drain();
  }
  const Result end(PQgetResult(connection_));
  if (PQexitPipelineMode(connection_) == 0) fail(what, nullptr);
  if (failed) fail(what, failure);
  return results;
}

std::string Connection::quote(std::string_view text) {
  struct Free {
    void operator()(char* literal) const { PQfreemem(literal); }
  };
  const std::unique_ptr<char, Free> literal(PQescapeLiteral(connection_, text.data(), text.size()));
  if (!literal) throw ServerError("quote a text", "22021", PQerrorMessage(connection_));
  return literal.get();
}

void Connection::start_copy(std::string_view what, const std::string& sql) {
  copy_what_ = what;
  pg_result* raw = PQexec(connection_, sql.c_str());
  const Result result(raw);
  if (PQresultStatus(raw) != PGRES_COPY_IN) fail(what, raw);
}

bool Connection::copy(std::string_view piece) {
  return PQputCopyData(connection_, piece.data(), static_cast<int>(piece.size())) == 1;
}

void Connection::copy_out(std::string_view what, const std::string& sql,
                          const std::function<void(std::string_view)>& take) {
  struct Free {
    void operator()(char* piece) const { PQfreemem(piece); }
  };
  {
    pg_result* raw = PQexec(connection_, sql.c_str());
    const Result result(raw);
    if (PQresultStatus(raw) != PGRES_COPY_OUT) fail(what, raw);
  }
  while (true) {
    char* piece = nullptr;
    const int size = PQgetCopyData(connection_, &piece, 0);
    const std::unique_ptr<char, Free> owner(piece);
    if (size < 0) break;  // the end, or an error that the result tells
    // When `take` throws, the connection is in the middle of a copy: the caller throws it away.
    take({piece, static_cast<std::size_t>(size)});
  }
  pg_result* raw = PQgetResult(connection_);
  const Result result(raw);
  if (PQresultStatus(raw) != PGRES_COMMAND_OK) fail(what, raw);
  drain();
}

std::vector<Connection::Notification> Connection::notifications(milliseconds wait) {
  struct Free {
    void operator()(PGnotify* notice) const { PQfreemem(notice); }
  };
  std::vector<Notification> found;
  for (int look = 0; look < 2; ++look) {
    if (PQconsumeInput(connection_) == 0) {
      throw ServerError("hear notifications", "", PQerrorMessage(connection_));
    }
    while (const std::unique_ptr<PGnotify, Free> notice{PQnotifies(connection_)}) {
      found.push_back({notice->relname, notice->extra});
    }
    if (!found.empty() || look > 0) break;
    pollfd socket{PQsocket(connection_), POLLIN, 0};
    ::poll(&socket, 1, static_cast<int>(wait.count()));
  }
  return found;
}

void Connection::finish_copy() {
  // Its failure shows in the result.
  static_cast<void>(PQputCopyEnd(connection_, nullptr));
  pg_result* raw = PQgetResult(connection_);
  const Result result(raw);
  if (raw == nullptr || PQresultStatus(raw) != PGRES_COMMAND_OK) {
    // A connection that broke while sending may still be in the copying state, where PQgetResult
    // gives the same answer for ever.
    if (!broken() && (raw == nullptr || PQresultStatus(raw) != PGRES_COPY_IN)) drain();
    fail(copy_what_, raw);
  }
  drain();
}

}  // namespace logctl::storage::postgres
