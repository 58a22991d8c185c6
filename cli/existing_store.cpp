#include "cli/existing_store.h"

#include "shared/base/error.h"
#include "shared/config/target.h"

#include <fmt/format.h>

#include <filesystem>

namespace logctl::cli {

storage::Backend& existing_store(Context& context) {
  const config::StoreTarget target = config::store_target(*context.config());
  if (target.kind == config::StoreKind::sqlite &&
      !std::filesystem::exists(target.directory / "meta.sqlite")) {
    throw Error(ErrorCode::not_found,
                fmt::format("there is no store in '{}'", target.directory.string()),
                "`logctl serve` or `logctl migrate up` makes one; storage.data_dir says where");
  }
  return context.migrated_backend();
}

}  // namespace logctl::cli
