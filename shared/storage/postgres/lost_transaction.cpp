#include "shared/storage/postgres/lost_transaction.h"

#include <fmt/format.h>

namespace logctl::storage::postgres {

void end_transaction(Connection& connection, const std::string& transaction, int backend) {
  connection.execute("end the lost transaction",
                     fmt::format("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                 "WHERE pid = {} AND usename = current_user AND "
                                 "backend_xid = '{}'::xid8::xid",
                                 backend, transaction));
}

}  // namespace logctl::storage::postgres
