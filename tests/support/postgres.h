// The throw-away server that with_postgres.sh started: a schema of its own for each owner, and the
// means to disturb the server. Throws when there is no server: a test that cannot run has failed.
#pragma once

#include "shared/storage/postgres/connection.h"

#include <string>
#include <string_view>

namespace logctl::test {

// The value of an environment variable of with_postgres.sh.
std::string server_setting(const char* variable);

class PostgresSchema {
 public:
  PostgresSchema();
  ~PostgresSchema();
  PostgresSchema(const PostgresSchema&) = delete;
  PostgresSchema& operator=(const PostgresSchema&) = delete;

  // A URL whose connections work in this schema.
  const std::string& url() const { return url_; }
  storage::postgres::Connection connect() const;
  // The first value of one statement, run on a connection of its own.
  std::string ask(const std::string& sql) const;

 private:
  std::string name_;
  std::string url_;
};

// Ends all server processes at once, as a crash does, and starts the server again.
void crash_server();

}  // namespace logctl::test
