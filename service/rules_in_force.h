// The rules that requests are held to: those of the configuration, and the ages that the rules of
// retention in the store would delete at once.
//
// Thread-safe. What is lent must outlive it.
#pragma once

#include "service/handlers/ingest.h"
#include "service/store_health.h"
#include "shared/base/mutex.h"
#include "shared/config/config.h"
#include "shared/metrics/observer.h"
#include "shared/storage/backend.h"

#include <memory>
#include <string>

namespace logctl {

class RulesInForce {
 public:
  RulesInForce(storage::Backend& backend, const StoreHealth& health, metrics::Observer& observer,
               handlers::IngestHandlers& ingest, std::shared_ptr<const config::Config> config);

  // Reads the rules of retention, and hands on what they change. Nothing is done while the store is
  // away. Throws what the store throws.
  void refresh();
  // In force at once, with the rules of retention when they can be read.
  void configure(const std::shared_ptr<const config::Config>& fresh);

 private:
  std::shared_ptr<const config::Config> current() const;

  storage::Backend& backend_;
  const StoreHealth& health_;
  metrics::Observer& observer_;
  handlers::IngestHandlers& ingest_;
  mutable Mutex mutex_;
  std::shared_ptr<const config::Config> config_ GUARDED_BY(mutex_);
  std::string known_policy_ GUARDED_BY(mutex_);  // empty: none was handed on yet
};

}  // namespace logctl
