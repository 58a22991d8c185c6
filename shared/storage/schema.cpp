#include "shared/storage/schema.h"

#include <fmt/format.h>

namespace logctl::storage {

std::unique_ptr<SchemaStore> SchemaStore::part(const std::string& name) {
  throw Error(ErrorCode::not_found, fmt::format("the store has no part '{}'", name));
}

Error no_such_feature(const std::string& name) {
  return Error(ErrorCode::usage, fmt::format("the store has no optional part '{}'", name),
               "`message-db` is for a PostgreSQL store");
}

std::unique_ptr<SchemaStore> SchemaStore::feature(const std::string& name) {
  throw no_such_feature(name);
}

}  // namespace logctl::storage
