// What the rules of retention mean for a record: how long it is kept.
//
// Of the rules whose text matches a record, the longest age counts; where none matches, the default
// of its tenant, else the default for all, else `retention.default`, else it is kept for ever. A
// tenant's own rule takes the place of one for all tenants with the same text. Pure; a value.
#pragma once

#include "shared/base/clock.h"
#include "shared/query/query.h"
#include "shared/storage/retention.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::maintenance {

inline constexpr microseconds kLeastAge = std::chrono::hours(1);

// A rule as a person wrote it, ready for the store: the text in its one form. Throws
// Error{validation_error} on text that is no query, names a time bound, or asks for nothing, and on
// an age below kLeastAge.
storage::RetentionRule make_rule(std::string_view tenant, std::string_view match, microseconds age,
                                 Timestamp now);

class Policy {
 public:
  // `fallback`: retention.default; 0: none. Throws as make_rule for a rule that cannot be read.
  Policy(std::vector<storage::RetentionRule> rules, microseconds fallback);

  // Those of the store, and retention.default as the last one, when it counts.
  const std::vector<storage::RetentionRule>& rules() const { return rules_; }
  bool empty() const { return rules_.empty(); }

  // The records of a tenant that a rule says are too old at `now`: `query` has its tenant, `until`
  // and filters. No record is in two parts.
  struct Part {
    std::size_t rule = 0;  // of rules()
    query::Query query;
  };
  std::vector<Part> parts(std::string_view tenant, Timestamp now) const;

  // No record of the tenant is kept for longer; nothing: some are kept for ever.
  std::optional<microseconds> longest(std::string_view tenant) const;
  // No record of any tenant is removed before; nothing: there is no rule.
  std::optional<microseconds> shortest() const;
  // Of tenants without rules of their own; nothing: some records are kept for ever.
  std::optional<microseconds> longest_for_others() const;
  std::vector<std::string> tenants_with_rules() const;
  // Another text whenever the rules mean something else.
  std::string fingerprint() const;

 private:
  // Rules with text that may apply to the tenant, the longest first.
  std::vector<std::size_t> matching(std::string_view tenant) const;
  std::optional<std::size_t> default_of(std::string_view tenant) const;

  std::vector<storage::RetentionRule> rules_;
  std::vector<std::vector<query::Filter>> filters_;  // of each rule
};

}  // namespace logctl::maintenance
