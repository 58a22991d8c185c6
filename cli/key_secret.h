// A new key on its way to its user: made, stored as a hash, printed once.
//
// Whoever prints flushes before anything depends on the key: what was not seen by anybody is
// revoked again.
#pragma once

#include "cli/output.h"
#include "shared/auth/key.h"
#include "shared/storage/store.h"

#include <string>
#include <vector>

namespace logctl::cli {

// Forms of a key for the one who will use it, besides those of Output.
enum class SecretFormat { none, env, k8s_secret, systemd_credential };

struct SecretOutput {
  SecretFormat format = SecretFormat::none;
  std::string name;  // of the variable, the Secret, the credential; empty: one that fits
};

// Throws Error{usage} when the name is none for its format.
void check_secret_name(const SecretOutput& how);

// Makes a key and stores it under an id of its own; `row` without id and hash. Throws what the
// store throws.
auth::NewKey insert_new_key(storage::KeyStore& store, auth::Scopes scopes, storage::KeyRow& row);

// Prints it as one answer, `more` behind the usual fields, and flushes.
void print_secret(Output& out, const SecretOutput& how, const auth::NewKey& key,
                  const storage::KeyRow& row, const std::vector<Field>& more = {});
// With -o json, the key that a dry run would make: that answer without what is made by chance.
void preview_key(Output& out, const storage::KeyRow& row, const std::vector<Field>& more = {});
// The fields of that answer.
std::vector<Field> secret_fields(const Output& out, const auth::NewKey& key,
                                 const storage::KeyRow& row, const std::vector<Field>& more);

// The rules for rows as a cell: an array in JSON, else one text.
Value only_value(const Output& out, const storage::KeyRow& row);

}  // namespace logctl::cli
