// What `logctl doctor` says about the keys of the store.
#pragma once

#include "cli/commands/reconcile.h"
#include "cli/context.h"

namespace logctl::cli {

// Warns of keys that end within auth.expiry_notice and are still needed: nothing takes their place,
// or somebody goes on using them. Expects a store with the schema of this binary.
Finding check_keys(Context& context);

}  // namespace logctl::cli
