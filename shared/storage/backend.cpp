#include "shared/storage/backend.h"

#include "shared/config/target.h"
#include "shared/storage/memory/message_store.h"
#include "shared/storage/postgres/connection_string.h"
#include "shared/storage/postgres/open.h"
#include "shared/storage/postgres/refusal.h"
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

Error explained(const config::Config& config, const Error& failure) {
  // These are libpq's own words; the server's, in its own language, follow them. One that does not
  // answer is not asked again: that could take its time.
  const auto says = [&failure](std::string_view words) {
    return failure.message().find(words) != std::string::npos;
  };
  const bool answered = says("connection to server") && !says("timeout expired");
  if (failure.code() != ErrorCode::unavailable || !answered) return failure;
  const config::StoreTarget target = config::store_target(config);
  if (target.kind != config::StoreKind::postgres) return failure;
  return postgres::lasting_refusal(postgres::connection_string(target.connection, config.database),
                                   failure)
      .value_or(failure);
}

bool exists(const config::Config& config) {
  const config::StoreTarget target = config::store_target(config);
  if (target.kind == config::StoreKind::postgres) return true;
  return sqlite::Directory(target.directory).has_meta_file();
}

}  // namespace logctl::storage
