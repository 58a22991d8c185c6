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

// Day partitions, or chunks where with_postgres.sh was asked for them, whatever the server could
// do.
storage::Backend EmptyStore::open(const config::Config& config, const Clock& clock) {
  config::Config settings = config;
  if (settings.storage.partitioning == "auto") {
    const std::string wanted = server_setting("LOGCTL_TEST_PARTITIONING");
    settings.storage.partitioning = wanted.empty() ? "native" : wanted;
  }
  config::StoreTarget target;
  target.kind = config::StoreKind::postgres;
  target.connection = {{"database.url", impl_->schema.url()}};
  target.shown = "the test server";
  return storage::postgres::open_postgres(settings, target, clock, storage::Access::read_write);
}

}  // namespace logctl::test
