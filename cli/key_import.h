// `logctl keys import`: keys that another log server handed out go on working, with scopes, limits
// and an end, and can be rotated. The store gets their hashes.
#pragma once

#include "cli/key_actions.h"

#include <string>

namespace logctl::cli {

// As typed.
struct ImportKeys {
  std::string file;  // - is standard input
  std::string name = "imported";
  std::string scopes = "ingest,read";
  std::string tenant = "default";
  std::string expires;
  std::vector<std::string> only;
  TypedLimits limits;
  bool dry_run = false;
};

// `text` is what the file holds. Returns 0, or the exit status of `partial` when some were refused
// and others not; Error{validation_error} when all were. A key that the store knows stays as it is.
// `store` may be nothing for a dry run.
int import_keys(storage::KeyStore* store, const Clock& clock, Output& out,
                const ImportKeys& options, const std::string& text);

}  // namespace logctl::cli
