// The extension timescaledb of a server: whether it can be had, and having it.
#pragma once

#include "shared/storage/postgres/connection.h"

#include <optional>
#include <string>

namespace logctl::storage::postgres {

struct Obstacle {
  std::string why;
  std::string hint;
};

// Why there can be no hypertable in this database; nothing when there can.
std::optional<Obstacle> find_obstacle(Connection& connection);

// Unless it is there. Inside a transaction. Throws ServerError.
void make_extension(Connection& connection);

// Where its functions are, quoted. The extension is there.
std::string extension_schema(Connection& connection);

}  // namespace logctl::storage::postgres
