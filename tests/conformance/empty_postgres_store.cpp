#include "shared/storage/postgres/open.h"
#include "tests/conformance/empty_store.h"
#include "tests/support/postgres.h"

namespace logctl::test {

struct EmptyStore::Impl {
  PostgresSchema schema;
};

EmptyStore::EmptyStore() : impl_(std::make_unique<Impl>()) {}
EmptyStore::~EmptyStore() = default;

void EmptyStore::execute(const std::string& sql) { impl_->schema.ask(sql); }

storage::Backend EmptyStore::open(const config::Config& config, const Clock& clock) {
  config::StoreTarget target;
  target.kind = config::StoreKind::postgres;
  target.connection = impl_->schema.url();
  target.shown = "the test server";
  return storage::postgres::open_postgres(config, target, clock, storage::Access::read_write);
}

}  // namespace logctl::test
