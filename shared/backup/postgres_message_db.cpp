#include "shared/backup/postgres_message_db.h"

#include "shared/base/clock.h"
#include "shared/migrations/runner.h"
#include "shared/storage/postgres/schema_store.h"
#include "shared/storage/postgres/table_copy.h"

#include <fmt/format.h>

#include <chrono>

namespace logctl::backup {

bool has_message_db(storage::postgres::Connection& connection, const std::string& schema) {
  const auto found = connection.execute(
      "look for the message-db functions",
      fmt::format("SELECT 1 FROM pg_rewrite r JOIN pg_depend d ON d.classid = "
                  "'pg_rewrite'::regclass AND d.objid = r.oid JOIN pg_class c ON c.oid = "
                  "d.refobjid WHERE r.ev_class = to_regclass('message_store.message_rows') "
                  "AND to_regclass('message_store.schema_migrations') IS NOT NULL "
                  "AND c.relnamespace = {}::regnamespace LIMIT 1",
                  connection.quote(storage::postgres::quoted_name(schema))));
  return found.rows() > 0;
}

void remove_message_db(storage::postgres::Connection& connection) {
  connection.execute("remove the message-db functions", "DROP SCHEMA message_store CASCADE");
}

void make_message_db(const std::string& conninfo) {
  // The store is there: nothing is decided about its partitions.
  storage::postgres::PostgresSchemaStore store(conninfo, storage::postgres::Partitioning::native);
  if (!store.rows_of("stored_messages", 1)) return;
  const auto feature = store.feature("message-db");
  migrations::Runner(*feature, storage::steps_of(feature->migration_set()), seconds(30),
                     system_clock())
      .up();
}

}  // namespace logctl::backup
