#include "cli/context.h"
#include "shared/base/error.h"
#include "shared/config/target.h"
#include "shared/migrations/runner.h"

#include <algorithm>

namespace logctl::cli {
namespace {

// Two programs starting at once on a fresh store: the second waits for the first to migrate it.
constexpr microseconds kLockWait = seconds(30);

}  // namespace

storage::Backend& Context::backend(std::uint32_t writers) {
  if (!backend_) {
    config::Config settings = *config();
    settings.batch.writers = std::max(settings.batch.writers, writers);
    backend_ = storage::open_backend(
        settings, clock_,
        globals_.read_only ? storage::Access::read_only : storage::Access::read_write);
  }
  return *backend_;
}

storage::Backend& Context::migrated_backend(std::uint32_t writers) {
  storage::Backend& store = backend(writers);
  if (!checked_) {
    if (store.kind == "sqlite" && !globals_.read_only) {
      migrations::up(*store.schema, std::nullopt, kLockWait, clock_);
    }
    migrations::require_current(*store.schema);
    checked_ = true;
  }
  return store;
}

void Context::require_store() {
  if (!storage::exists(*config())) {
    throw Error(ErrorCode::not_found,
                "there is no store in '" + config::store_target(*config()).directory.string() + "'",
                "`logctl serve`, `ingest`, `keys create` and `migrate up` make one; is "
                "storage.data_dir right?");
  }
}

storage::Backend& Context::existing_backend() {
  if (!backend_) require_store();
  return migrated_backend();
}

storage::Backend* Context::backend_if_made() {
  return backend_ || storage::exists(*config()) ? &migrated_backend() : nullptr;
}

Error Context::explained(const Error& error) {
  return loaded_ ? storage::explained(*loaded_->config, error) : error;
}

}  // namespace logctl::cli
