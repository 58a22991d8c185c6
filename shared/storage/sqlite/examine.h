// Looks at a SQLite store for what goes wrong in the long run.
#pragma once

#include "shared/storage/backend.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/store.h"

#include <vector>

namespace logctl::storage::sqlite {

// Reads meta.sqlite and the sizes of the days' files.
std::vector<Symptom> examine(const Directory& directory);

}  // namespace logctl::storage::sqlite
