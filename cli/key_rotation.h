// `logctl keys rotate`: a new key takes the place of an old one, and both work for a while.
//
// In this order: the new key is stored, printed and flushed, then the old one gets its end. A crash
// in between leaves two keys that work; never an old key that ends without anybody having seen the
// new one.
#pragma once

#include "cli/key_secret.h"
#include "cli/output.h"
#include "shared/base/clock.h"
#include "shared/storage/store.h"

#include <string>

namespace logctl::cli {

// As typed.
struct RotateKeys {
  std::string id;              // either this
  std::string all_older_than;  // or a duration: every key older than that
  std::string overlap = "7d";  // how long the old key goes on working
  std::string expires;  // end of the new key; empty: it lives as long as the old one was made for
  SecretOutput secret;
  bool dry_run = false;
};

// Returns the exit status. Throws Error{usage} for what is wrong with the options, Error{not_found}
// for an unknown id, Error{conflict} for a key that has ended or was rotated already, and what the
// store throws.
int rotate_keys(storage::KeyStore& store, const Clock& clock, Output& out,
                const RotateKeys& options);

}  // namespace logctl::cli
