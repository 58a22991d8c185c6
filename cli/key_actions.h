// What `logctl keys ...` does, apart from the command line: for tests with a store of their own.
// Rotation and import: key_rotation.h, key_import.h.
//
// Each action returns the exit status. Throws Error{usage} for what is wrong with the options, and
// what the store throws.
#pragma once

#include "cli/key_options.h"
#include "cli/key_secret.h"
#include "cli/output.h"
#include "shared/auth/scope.h"
#include "shared/base/clock.h"
#include "shared/config/config.h"
#include "shared/storage/store.h"

#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

// As typed.
struct CreateKey {
  std::string name;
  std::string scopes = "ingest,read";
  std::string tenant = "default";
  std::string expires;            // a duration or a time; empty: never
  std::vector<std::string> only;  // rules for the rows that it reads
  TypedLimits limits;
  SecretOutput secret;
  bool dry_run = false;
};

// active, ending (another key takes its place), expired, revoked.
std::string_view key_state(const storage::KeyRow& row, Timestamp now);
bool key_works(const storage::KeyRow& row, Timestamp now);
// The key with that id. Throws Error{not_found} when there is none, Error{usage} when `id` is a
// whole key, which should not be seen here.
storage::KeyRow find_key(storage::KeyStore& store, std::string_view id, std::string_view command);

// Prints the key, which is stored as a hash only. When it cannot be printed, it is revoked again:
// nobody could ever use it. `store` may be nothing for a dry run.
int create_key(storage::KeyStore* store, const Clock& clock, Output& out, const CreateKey& options);
int list_keys(storage::KeyStore& store, const Clock& clock, Output& out);
int show_key(storage::KeyStore& store, const Clock& clock, Output& out,
             const config::RateLimit& defaults, std::string_view id);
// A key that is revoked already stays as it is.
int revoke_key(storage::KeyStore& store, const Clock& clock, Output& out, std::string_view id,
               bool dry_run = false);
// Whether `key` would be let in, and with what; Error{unauthorized} when not, Error{forbidden}
// without all of `scopes`.
int verify_key(storage::KeyStore& store, const Clock& clock, Output& out,
               const config::Config& config, std::string_view key, auth::Scopes scopes);
// Sets limits, or with none typed shows them.
int limit_key(storage::KeyStore& store, Output& out, const config::RateLimit& defaults,
              std::string_view id, const TypedLimits& typed, bool dry_run);
// Forgets keys that ended longer ago than `older_than`.
int prune_keys(storage::KeyStore& store, const Clock& clock, Output& out,
               std::string_view older_than, bool dry_run);

}  // namespace logctl::cli
