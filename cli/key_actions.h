// What `logctl keys ...` does, apart from the command line: for tests with a store of their own.
#pragma once

#include "cli/output.h"
#include "shared/base/clock.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::cli {

// As typed.
struct CreateKey {
  std::string name;
  std::string scopes = "ingest,read";
  std::string tenant = "default";
  std::string expires;  // a duration or a time; empty: never
  std::optional<double> rps;
  std::optional<std::uint32_t> burst;
};

// Each returns the exit status. Throws Error{usage} for what is wrong with the options, and what
// the store throws.
//
// Prints the key, which is stored as a hash only. When it cannot be printed, it is revoked again:
// nobody could ever use it.
int create_key(storage::KeyStore& store, const Clock& clock, Output& out, const CreateKey& options);
int list_keys(storage::KeyStore& store, const Clock& clock, Output& out);
// Error{not_found} for an unknown id; a key that is revoked already stays as it is.
int revoke_key(storage::KeyStore& store, const Clock& clock, Output& out, std::string_view id);

}  // namespace logctl::cli
