#include "shared/storage/schema.h"

#include <fmt/format.h>

namespace logctl::storage {

std::unique_ptr<SchemaStore> SchemaStore::part(const std::string& name) {
  throw Error(ErrorCode::not_found, fmt::format("the store has no part '{}'", name));
}

}  // namespace logctl::storage
