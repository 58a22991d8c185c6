// The libpq connection string: what the configuration says, with our defaults below it.
#pragma once

#include "shared/base/error.h"
#include "shared/config/target.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::storage::postgres {

// Two options say different things about one setting of libpq.
struct Disagreement final : Error {
  Disagreement(Error error, std::string_view one, std::string_view two, std::string about)
      : Error(std::move(error)), earlier(one), later(two), keyword(std::move(about)) {}
  std::string earlier;  // the options
  std::string later;
  std::string keyword;
};

// All that `parts` say together, with application name, encoding, connect time-out and keep-alives
// where they do not set them. The result holds the password. Throws Error{config} when libpq cannot
// read a part, and Disagreement when two of them say different things.
std::string connection_string(const std::vector<config::ConnectionPart>& parts,
                              const config::Database& settings);

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
