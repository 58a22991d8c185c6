#include "shared/storage/postgres/sqlstate.h"

#include <fmt/format.h>

namespace logctl::storage::postgres {

Fault classify(std::string_view sqlstate, bool names_constraint) {
  if (sqlstate.empty()) return Fault::connection;
  const std::string_view group = sqlstate.substr(0, 2);
  if (group == "08" || sqlstate.starts_with("57P")) return Fault::connection;
  // A server that became a standby: with several hosts the next connection finds the new primary.
  if (sqlstate == "25006") return Fault::connection;
  // Our own idle transaction was ended, say because this machine slept.
  if (sqlstate == "25P03") return Fault::connection;
  if (group == "40" || group == "53" || sqlstate == "55P03") return Fault::transient;
  if (sqlstate == "57014") return Fault::timeout;
  if (sqlstate == "23505") return Fault::duplicate;
  if (sqlstate == "23514" && !names_constraint) return Fault::no_partition;
  if (group == "22" || group == "23" || group == "54") return Fault::data;
  return Fault::refused;
}

bool may_retry(Fault fault) {
  return fault == Fault::connection || fault == Fault::transient || fault == Fault::no_partition ||
         fault == Fault::timeout || fault == Fault::duplicate;
}

std::string_view first_line(std::string_view message) {
  for (const std::string_view severity : {"ERROR:", "FATAL:", "PANIC:"}) {
    if (message.starts_with(severity)) message.remove_prefix(severity.size());
  }
  while (!message.empty() && (message.front() == ' ' || message.front() == '\n')) {
    message.remove_prefix(1);
  }
  return message.substr(0, message.find('\n'));
}

Error to_error(std::string_view what, std::string_view sqlstate, std::string_view message) {
  const std::string text = fmt::format("{}: {}", what, first_line(message));
  switch (classify(sqlstate)) {
    case Fault::connection:
    case Fault::transient:
      if (sqlstate == "53100") {
        return Error(ErrorCode::disk_full, text, "make room on the disk of the database server");
      }
      if (sqlstate.empty()) {
        return Error(ErrorCode::unavailable, text,
                     "is the database server running, and are the options database.* right?");
      }
      return Error(sqlstate == "55P03" ? ErrorCode::locked : ErrorCode::unavailable, text);
    case Fault::duplicate:
      return Error(ErrorCode::conflict, text);
    case Fault::timeout:
      return Error(ErrorCode::timeout, text,
                   "ask for a shorter time range, or raise database.statement_timeout");
    case Fault::no_partition:
    case Fault::data:
    case Fault::refused:
      break;
  }
  // A missing table, column or schema.
  const bool schema = sqlstate == "42P01" || sqlstate == "42703" || sqlstate == "3F000";
  if (schema) return Error(ErrorCode::storage, text, "run `logctl migrate up`");
  if (sqlstate == "42501") {
    return Error(ErrorCode::storage, text,
                 "connect as the role that owns the schema, or have it granted what is missing");
  }
  return Error(ErrorCode::storage, text);
}

}  // namespace logctl::storage::postgres
