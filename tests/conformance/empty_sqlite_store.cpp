#include "shared/storage/sqlite/open.h"
#include "tests/conformance/empty_store.h"
#include "tests/support/temp_dir.h"

namespace logctl::test {

struct EmptyStore::Impl {
  TempDir directory;
};

EmptyStore::EmptyStore() : impl_(std::make_unique<Impl>()) {}
EmptyStore::~EmptyStore() = default;

storage::Backend EmptyStore::open(const config::Config& config, const Clock& clock) {
  config::StoreTarget target;
  target.kind = config::StoreKind::sqlite;
  target.directory = impl_->directory.path() / "store";
  return storage::sqlite::open_sqlite(config, target, clock, storage::Access::read_write);
}

}  // namespace logctl::test
