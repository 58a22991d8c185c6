#include "shared/storage/backend.h"

#include "shared/config/target.h"
#include "shared/storage/memory/message_store.h"
#include "shared/storage/postgres/open.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/open.h"

namespace logctl::storage {

Backend open_backend(const config::Config& config, const Clock& clock, Access access) {
  const config::StoreTarget target = config::store_target(config);
  Backend backend = target.kind == config::StoreKind::postgres
                        ? postgres::open_postgres(config, target, clock, access)
                        : sqlite::open_sqlite(config, target, clock, access);
  if (config.messages.test_mode) {
    const auto data = memory::make_message_data();
    backend.messages = memory::open_messages(data);
    backend.message_news = [data] { return memory::listen_to_messages(data); };
  }
  return backend;
}

bool exists(const config::Config& config) {
  const config::StoreTarget target = config::store_target(config);
  if (target.kind == config::StoreKind::postgres) return true;
  return sqlite::Directory(target.directory).has_meta_file();
}

}  // namespace logctl::storage
