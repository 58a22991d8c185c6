#include "shared/storage/postgres/refusal.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <memory>
#include <string_view>

namespace logctl::storage::postgres {
namespace {

constexpr std::size_t kStateLength = 5;

struct Finish {
  void operator()(pg_conn* connection) const { PQfinish(connection); }
};

// Of an error that is told as its code only: `... failed: FATAL:  3D000`, with the first word in
// the server's language.
std::string_view state_in(std::string_view message) {
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) {
    message.remove_suffix(1);
  }
  if (message.size() < kStateLength) return {};
  return message.substr(message.size() - kStateLength);
}

std::string advice(std::string_view state, const pg_conn* connection) {
  if (state == "3D000") {
    return fmt::format("`createdb {}` makes it; or correct database.dbname or database.url",
                       PQdb(connection));
  }
  if (PQconnectionNeedsPassword(connection) == 1) {
    return "the server wants a password: set database.password";
  }
  if (state == "28P01") return "correct database.user or database.password";
  if (state == "28000") {
    return "correct database.user, or have the server let it in (CREATE ROLE, pg_hba.conf)";
  }
  if (state == "42501") return "GRANT CONNECT on that database to database.user";
  return {};
}

}  // namespace

std::optional<Error> lasting_refusal(const std::string& conninfo, const Error& failure) {
  const std::unique_ptr<pg_conn, Finish> connection(PQconnectdb(conninfo.c_str()));
  if (!connection || PQstatus(connection.get()) == CONNECTION_OK) return std::nullopt;
  PQsetErrorVerbosity(connection.get(), PQERRORS_SQLSTATE);
  PQreset(connection.get());
  const std::string hint = advice(state_in(PQerrorMessage(connection.get())), connection.get());
  if (hint.empty()) return std::nullopt;
  return Error(ErrorCode::config, failure.message(), hint);
}

}  // namespace logctl::storage::postgres
