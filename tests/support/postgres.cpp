#include "tests/support/postgres.h"

#include "shared/base/clock.h"
#include "shared/base/ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

// libpqxx 6 loses the result of a statement whose connection broke while it ran: it asks the broken
// connection for its encoding before it takes the result, and that throws. Two kilobytes for each
// lost connection.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:pqxx::connection_base::exec"; }

namespace logctl::test {

std::string server_setting(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr) {
    throw std::runtime_error(std::string(variable) +
                             " is not set: run this through tests/support/with_postgres.sh");
  }
  return value;
}

PostgresSchema::PostgresSchema() {
  const std::string server = server_setting("LOGCTL_TEST_POSTGRES");
  name_ = "test_" + uuid_v7(system_clock().now());
  std::replace(name_.begin(), name_.end(), '-', '_');
  url_ = fmt::format("{}?options=-csearch_path%3D{}", server, name_);
  storage::postgres::Connection(server).execute("make a schema", "CREATE SCHEMA " + name_);
}

PostgresSchema::~PostgresSchema() {
  try {
    connect().execute("drop a schema", fmt::format("DROP SCHEMA {} CASCADE", name_));
  } catch (const Error&) {
    // The server goes away with all its schemas.
  }
}

storage::postgres::Connection PostgresSchema::connect() const {
  return storage::postgres::Connection(url_);
}

std::string PostgresSchema::ask(const std::string& sql) const {
  storage::postgres::Connection connection(url_);
  const storage::postgres::Result result = connection.execute("test", sql);
  return result.rows() == 0 ? std::string() : std::string(result.value(0, 0));
}

void crash_server() {
  const std::string run = server_setting("LOGCTL_TEST_PGRUN");
  const std::string bin = server_setting("LOGCTL_TEST_PGBIN");
  const std::string data = server_setting("LOGCTL_TEST_PGDATA");
  const std::string command = fmt::format(
      "cd / && {} {}/pg_ctl -D {} -l {}/server.log -m immediate -w restart >/dev/null 2>&1", run,
      bin, data, data);
  if (std::system(command.c_str()) != 0) throw std::runtime_error("cannot restart: " + command);
}

}  // namespace logctl::test
