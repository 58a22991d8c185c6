#include "shared/storage/sqlite/open.h"

#include "shared/storage/sqlite/count_store.h"
#include "shared/storage/sqlite/day_store.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/explainer.h"
#include "shared/storage/sqlite/import_store.h"
#include "shared/storage/sqlite/index_store.h"
#include "shared/storage/sqlite/key_store.h"
#include "shared/storage/sqlite/log_store.h"
#include "shared/storage/sqlite/maintenance_store.h"
#include "shared/storage/sqlite/message_store.h"
#include "shared/storage/sqlite/retention_store.h"
#include "shared/storage/sqlite/schema_store.h"

#include <memory>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

// Our own threads do all of the work: for each moment of writing there are as many of parsing.
constexpr double kMostWriting = 0.25;

}  // namespace

Backend open_sqlite(const config::Config& config, const config::StoreTarget& target,
                    const Clock& clock, Access access) {
  const Directory directory(target.directory);
  if (access == Access::read_write) directory.create();
  Backend backend;
  backend.kind = "sqlite";
  backend.target = target.shown.empty() ? directory.root().string() : target.shown;
  backend.schema = std::make_unique<SqliteSchemaStore>(directory, access);
  const auto write_load = std::make_shared<WriteLoad>(kMostWriting);
  backend.logs = std::make_unique<SqliteLogStore>(directory, config, clock, access, write_load);
  backend.keys = std::make_unique<SqliteKeyStore>(directory, access);
  backend.imports = std::make_unique<SqliteImportStore>(directory, access);
  backend.explainer = std::make_unique<SqliteExplainer>(directory);
  backend.counts = std::make_unique<SqliteCountStore>(directory, config, write_load);
  backend.arrivals = [&logs = *backend.logs, &clock] {
    return std::make_unique<PolledArrivals>(logs, clock);
  };
  backend.maintenance = std::make_unique<SqliteMaintenanceStore>(directory, access);
  backend.retention = std::make_unique<SqliteRetentionStore>(directory, access);
  backend.days = std::make_unique<SqliteDayStore>(directory, access, clock, write_load);
  backend.indexes = std::make_unique<SqliteIndexStore>(directory, clock, access);
  auto messages = std::make_unique<SqliteMessageStore>(directory, access);
  backend.message_news = [&messages = *messages] { return messages.news(); };
  backend.messages = std::move(messages);
  return backend;
}

}  // namespace logctl::storage::sqlite
