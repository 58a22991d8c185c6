#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/open.h"
#include "tests/conformance/empty_store.h"
#include "tests/support/temp_dir.h"

namespace logctl::test {

struct EmptyStore::Impl {
  TempDir directory;
};

EmptyStore::EmptyStore() : impl_(std::make_unique<Impl>()) {}
EmptyStore::~EmptyStore() = default;

void EmptyStore::execute(const std::string& sql) {
  const storage::sqlite::Directory directory(impl_->directory.path() / "store");
  for (const storage::sqlite::Day day : directory.days()) {
    storage::sqlite::Connection connection(directory.day_file(day),
                                           storage::sqlite::Mode::read_write, seconds(10));
    connection.execute(sql);
    // As whoever deletes records has to.
    connection.execute(
        "UPDATE tenant_rows SET rows = (SELECT count(*) FROM logs WHERE logs.tenant = "
        "tenant_rows.tenant)");
  }
}

storage::Backend EmptyStore::open(const config::Config& config, const Clock& clock) {
  config::StoreTarget target;
  target.kind = config::StoreKind::sqlite;
  target.directory = impl_->directory.path() / "store";
  return storage::sqlite::open_sqlite(config, target, clock, storage::Access::read_write);
}

}  // namespace logctl::test
