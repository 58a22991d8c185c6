// The libpq connection string: what the configuration says, with our defaults below it.
#pragma once

#include "shared/config/config.h"

#include <string>
#include <string_view>

namespace logctl::storage::postgres {

// `connection` is a URL or `key=value` text. Adds application name, encoding, connect time-out and
// keep-alives where `connection` does not set them. The result holds the password. Throws
// Error{config} when libpq cannot read `connection`.
std::string connection_string(const std::string& connection, const config::Database& settings);

// The same for another program: the text without the password, which goes into PGPASSWORD.
struct ForProgram {
  std::string connection;
  std::string password;  // empty: none
};
ForProgram for_program(const std::string& conninfo);

// What `conninfo` says about `keyword`; empty when it says nothing.
std::string setting_of(const std::string& conninfo, std::string_view keyword);

// `conninfo` for another database of the same server.
std::string with_database(const std::string& conninfo, std::string_view database);

}  // namespace logctl::storage::postgres
