#include "shared/storage/postgres/session_lock.h"

#include <fmt/format.h>

#include <utility>

namespace logctl::storage::postgres {
namespace {

constexpr const char* kTryLock =
    "SELECT pg_try_advisory_lock(hashtext('{}'), hashtext(coalesce(current_schema(), '')))";
constexpr const char* kHolder =
    "SELECT a.pid, a.application_name, coalesce(a.client_addr::text, 'this machine'), "
    "to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
    "FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND l.classid = hashtext('{}')::bigint::bit(32)::bigint "
    "AND l.objid = hashtext(coalesce(current_schema(), ''))::bigint::bit(32)::bigint";

}  // namespace

bool try_session_lock(Connection& connection, std::string_view purpose) {
  const Result got = connection.execute(fmt::format("take the lock '{}'", purpose),
                                        fmt::format(fmt::runtime(kTryLock), purpose));
  return got.value(0, 0) == "t";
}

void name_connection(Connection& connection, const std::string& name) {
  connection.execute("name the connection",
                     fmt::format("SET application_name = {}", connection.quote(name)));
}

std::optional<LockHolder> session_lock_holder(Connection& connection, std::string_view purpose) {
  const Result found = connection.execute(fmt::format("find the holder of the lock '{}'", purpose),
                                          fmt::format(fmt::runtime(kHolder), purpose));
  if (found.rows() == 0) return std::nullopt;
  LockHolder holder;
  if (auto known = decode_holder(found.value(0, 1))) {
    holder = std::move(*known);
  } else {
    // Somebody else's tool, or a run that has not said its name yet.
    holder.pid = found.value(0, 1);
    holder.host = found.value(0, 2);
    holder.since = found.value(0, 3);
  }
  holder.more = fmt::format("server process {}", found.value(0, 0));
  return holder;
}

}  // namespace logctl::storage::postgres
