#include "shared/ingest/rules.h"

#include "shared/base/ascii.h"

#include <algorithm>

namespace logctl::ingest {
Rules::Rules(const config::Config& config)
    : max_batch_records(config.ingest.max_batch_records),
      max_record_bytes(config.ingest.max_record_bytes),
      max_message_bytes(config.ingest.max_message_bytes),
      max_depth(config.ingest.max_depth),
      max_age(config.ingest.max_age),
      age_is_retention(false),
      max_future(config.ingest.max_future),
      event_types(config.ingest.event_types) {
  const microseconds retention = config.retention.max_age;
  if (retention.count() > 0 && (max_age.count() == 0 || retention < max_age)) {
    max_age = retention;
    age_is_retention = true;
  }
  limit_ages(maintenance::Policy({}, config.retention.default_age));
  for (const std::string& entry : config.ingest.drop_keys) {
    if (entry.empty()) continue;
    std::string key = lower_case(entry);
    first_letters_[slot(key)] |= letter(key);
    drop_keys_.push_back(std::move(key));
  }
}

void Rules::limit_ages(const maintenance::Policy& policy) {
  kept_by_others_ = policy.longest_for_others();
  kept_by_.clear();
  for (const std::string& tenant : policy.tenants_with_rules()) {
    kept_by_[tenant] = policy.longest(tenant);
  }
}

Rules::AgeLimit Rules::age_limit(std::string_view tenant) const {
  const auto own = kept_by_.find(tenant);
  const Kept& kept = own == kept_by_.end() ? kept_by_others_ : own->second;
  if (kept && (max_age.count() == 0 || *kept < max_age)) return {*kept, true};
  return {max_age, age_is_retention};
}

bool Rules::in_drop_keys(std::string_view key) const {
  const auto same = [key](const std::string& entry) {
    return std::equal(key.begin(), key.end(), entry.begin(), entry.end(),
                      [](char a, char b) { return lower_case(a) == b; });
  };
  return std::any_of(drop_keys_.begin(), drop_keys_.end(), same);
}

}  // namespace logctl::ingest
