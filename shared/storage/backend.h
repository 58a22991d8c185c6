// The bundle of interfaces that one store offers, opened from the configuration.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/config/config.h"
#include "shared/storage/arrivals.h"
#include "shared/storage/counting.h"
#include "shared/storage/days.h"
#include "shared/storage/explain.h"
#include "shared/storage/index_store.h"
#include "shared/storage/maintenance.h"
#include "shared/storage/message_store.h"
#include "shared/storage/retention.h"
#include "shared/storage/schema.h"
#include "shared/storage/store.h"

#include <functional>
#include <memory>
#include <string>

namespace logctl::storage {

struct Backend {
  std::string kind;    // "sqlite" or "postgres"
  std::string target;  // for people: the directory or the server, without secrets
  std::unique_ptr<SchemaStore> schema;
  std::unique_ptr<LogStore> logs;
  std::unique_ptr<KeyStore> keys;
  std::unique_ptr<ImportStore> imports;
  std::unique_ptr<Explainer> explainer;
  std::unique_ptr<CountStore> counts;
  // A new listener for what any process stores. Not after `logs` is gone.
  std::function<std::unique_ptr<Arrivals>()> arrivals;
  std::unique_ptr<MaintenanceStore> maintenance;
  std::unique_ptr<RetentionStore> retention;
  std::unique_ptr<DayStore> days;
  std::unique_ptr<IndexStore> indexes;
  std::unique_ptr<MessageStore> messages;
  // A new listener for messages that any process writes. Not after `messages` is gone.
  std::function<std::unique_ptr<MessageNews>()> message_news;
};

// False when the configuration means a SQLite store that was never made. Whether a database is
// there, only its server knows.
bool exists(const config::Config& config);

enum class Access { read_write, read_only };

// Opens the store that the configuration means. Does not migrate. SQLite: creates the directory for
// read_write. PostgreSQL: connects lazily, so that a daemon can start before its database.
// `clock` must outlive the backend.
Backend open_backend(const config::Config& config, const Clock& clock,
                     Access access = Access::read_write);

// `failure` of this store, as somebody who waits for an answer needs it: a PostgreSQL that is there
// but has no such database, or does not know who asks, is a wrong configuration and not a server
// that is away. A daemon goes on as with the latter: others may mend it while it runs. Blocks.
Error explained(const config::Config& config, const Error& failure);

}  // namespace logctl::storage
