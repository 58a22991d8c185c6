// meta.sqlite, opened the same way by everything that uses it.
#pragma once

#include "shared/storage/backend.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"

namespace logctl::storage::sqlite {

// read_write makes the file when it is missing. Throws Error{not_found} for read_only then.
Connection open_meta(const Directory& directory, Access access);

}  // namespace logctl::storage::sqlite
