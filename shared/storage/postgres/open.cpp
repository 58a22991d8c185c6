#include "shared/storage/postgres/open.h"

#include "shared/storage/index_field.h"
#include "shared/storage/postgres/connection_string.h"
#include "shared/storage/postgres/count_store.h"
#include "shared/storage/postgres/day_store.h"
#include "shared/storage/postgres/explainer.h"
#include "shared/storage/postgres/import_store.h"
#include "shared/storage/postgres/index_store.h"
#include "shared/storage/postgres/key_store.h"
#include "shared/storage/postgres/listener.h"
#include "shared/storage/postgres/log_store.h"
#include "shared/storage/postgres/maintenance_store.h"
#include "shared/storage/postgres/message_news.h"
#include "shared/storage/postgres/message_store.h"
#include "shared/storage/postgres/retention_store.h"
#include "shared/storage/postgres/schema_store.h"
#include "shared/storage/postgres/timescale.h"

#include <algorithm>
#include <memory>
#include <string>

namespace logctl::storage::postgres {
namespace {

// One connection waits for its commit while the other one copies.
constexpr std::uint32_t kWriters = 2;
// One thread writes groups of messages. Imports and removals share the others.
constexpr std::size_t kMessageWriters = 1;
constexpr std::size_t kBulkMessageWriters = 2;

}  // namespace

Backend open_postgres(const config::Config& config, const config::StoreTarget& target,
                      const Clock& clock, Access access) {
  const std::string conninfo = connection_string(target.connection, config.database);
  const bool read_only = access == Access::read_only;
  const Partitioning partitioning = parse_partitioning(config.storage.partitioning);
  // Writers and readers together stay within the limit; each side needs at least one.
  const std::uint32_t all = std::max(config.database.max_connections, 2U);
  const std::uint32_t writers = std::clamp(std::max(config.batch.writers, kWriters), 1U, all - 1);

  Pool::Settings pool;
  pool.conninfo = conninfo;
  pool.most = all - writers;
  pool.wait = config.database.connect_timeout;
  pool.lifetime = config.database.max_lifetime;
  pool.statement_timeout = config.database.statement_timeout;
  pool.read_only = read_only;

  PostgresLogStore::Settings logs;
  logs.writers.conninfo = conninfo;
  logs.writers.most = writers;
  logs.writers.lifetime = config.database.max_lifetime;
  logs.writers.read_only = read_only;
  logs.appender.dedup_window = config.ingest.dedup_window;
  logs.partitions_ahead = config.storage.partitions_ahead;
  logs.partitioning = partitioning;
  const std::vector<std::string>& indexes = config.storage.indexes;
  logs.index_text = std::find(indexes.begin(), indexes.end(), kTextIndex) != indexes.end();

  MessageWriter::Settings messages;
  messages.writers = logs.writers;
  messages.writers.most = kMessageWriters;
  messages.most_bulk = kBulkMessageWriters;

  const auto shared_pool = std::make_shared<Pool>(pool);
  Backend backend;
  backend.kind = "postgres";
  backend.target = target.shown;
  backend.schema = std::make_unique<PostgresSchemaStore>(conninfo, partitioning);
  backend.logs = std::make_unique<PostgresLogStore>(shared_pool, logs, clock);
  backend.keys = std::make_unique<PostgresKeyStore>(shared_pool);
  backend.imports = std::make_unique<PostgresImportStore>(shared_pool);
  backend.explainer = std::make_unique<PostgresExplainer>(shared_pool);
  backend.counts = std::make_unique<PostgresCountStore>(shared_pool);
  backend.arrivals = [conninfo] { return std::make_unique<NoticeListener>(conninfo); };
  backend.maintenance = std::make_unique<PostgresMaintenanceStore>(conninfo, shared_pool);
  backend.retention = std::make_unique<PostgresRetentionStore>(shared_pool);
  backend.days = std::make_unique<PostgresDayStore>(conninfo, shared_pool);
  backend.indexes = std::make_unique<PostgresIndexStore>(shared_pool, conninfo, read_only);
  backend.messages = std::make_unique<PostgresMessageStore>(shared_pool, messages);
  backend.message_news = [conninfo] { return std::make_unique<PostgresMessageNews>(conninfo); };
  return backend;
}

}  // namespace logctl::storage::postgres
