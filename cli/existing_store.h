// The store for commands that must not make one.
#pragma once

#include "cli/context.h"

namespace logctl::cli {

// As Context::migrated_backend. Throws Error{not_found} where there is no store yet.
storage::Backend& existing_store(Context& context);

}  // namespace logctl::cli
