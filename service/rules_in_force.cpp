#include "service/rules_in_force.h"

#include "shared/ingest/rules.h"
#include "shared/maintenance/retention.h"

#include <utility>

namespace logctl {

RulesInForce::RulesInForce(storage::Backend& backend, const StoreHealth& health,
                           metrics::Observer& observer, handlers::IngestHandlers& ingest,
                           std::shared_ptr<const config::Config> config)
    : backend_(backend),
      health_(health),
      observer_(observer),
      ingest_(ingest),
      config_(std::move(config)) {}

void RulesInForce::refresh() {
  if (!health_.reachable) return;
  const std::shared_ptr<const config::Config> settings = current();
  const maintenance::Policy policy(backend_.retention->rules(), settings->retention.default_age);
  const Lock lock(mutex_);
  if (policy.fingerprint() == known_policy_) return;
  known_policy_ = policy.fingerprint();
  auto rules = std::make_shared<ingest::Rules>(*config_);
  rules->limit_ages(policy);
  ingest_.configure(std::move(rules));
}

void RulesInForce::configure(const std::shared_ptr<const config::Config>& fresh) {
  {
    const Lock lock(mutex_);
    config_ = fresh;
    known_policy_.clear();
  }
  try {
    refresh();
  } catch (const Error& error) {
    observer_.emit(metrics::StoreFailed{"retention rules", error.message()});
  }
  const Lock lock(mutex_);
  if (known_policy_.empty()) ingest_.configure(std::make_shared<const ingest::Rules>(*fresh));
}

std::shared_ptr<const config::Config> RulesInForce::current() const {
  const Lock lock(mutex_);
  return config_;
}

}  // namespace logctl
