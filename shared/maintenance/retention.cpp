#include "shared/maintenance/retention.h"

#include "shared/base/error.h"
#include "shared/base/hash.h"
#include "shared/base/units.h"
#include "shared/query/sql.h"
#include "shared/query/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace logctl::maintenance {
namespace {

query::Filter group(query::Op op, std::vector<query::Filter> parts) {
  query::Filter filter;
  filter.op = op;
  filter.parts = std::move(parts);
  return filter;
}

query::Query read_match(std::string_view match, Timestamp now) {
  query::Query query;
  query::parse_text(match, now, query);
  if (query.since || query.until) {
    throw Error(ErrorCode::validation_error,
                fmt::format("the rule '{}' names a bound of time; its age is the only one", match));
  }
  if (query.filters.empty()) {
    throw Error(ErrorCode::validation_error, "the rule matches everything: that is the default",
                "set it with --default");
  }
  // What only one of the stores cannot ask is no rule for the other either.
  query::count_rows(query, query::Dialect::sqlite);
  query::count_rows(query, query::Dialect::postgres);
  return query;
}

}  // namespace

storage::RetentionRule make_rule(std::string_view tenant, std::string_view match, microseconds age,
                                 Timestamp now) {
  if (age < kLeastAge) {
    throw Error(ErrorCode::validation_error,
                fmt::format("an age of {} would remove {}, the least is {}", format_duration(age),
                            age.count() == 0 ? "everything" : "nearly everything",
                            format_duration(kLeastAge)),
                "`logctl retention remove` takes a rule away; `logctl delete` deletes records now");
  }
  storage::RetentionRule rule{std::string(tenant), {}, age, now};
  if (!match.empty()) rule.match = query::format_text(read_match(match, now));
  return rule;
}

Policy::Policy(std::vector<storage::RetentionRule> rules, microseconds fallback)
    : rules_(std::move(rules)) {
  const bool has_default = std::any_of(rules_.begin(), rules_.end(), [](const auto& rule) {
    return rule.tenant.empty() && rule.match.empty();
  });
  if (!has_default && fallback.count() > 0) rules_.push_back({{}, {}, fallback, {}});
  for (const storage::RetentionRule& rule : rules_) {
    std::vector<query::Filter>& filters = filters_.emplace_back();
    if (!rule.match.empty()) filters = read_match(rule.match, Timestamp{}).filters;
  }
}

std::vector<std::size_t> Policy::matching(std::string_view tenant) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const storage::RetentionRule& rule = rules_[i];
    if (rule.match.empty() || (!rule.tenant.empty() && rule.tenant != tenant)) continue;
    const bool replaced =
        rule.tenant.empty() && std::any_of(rules_.begin(), rules_.end(), [&](const auto& other) {
          return other.tenant == tenant && other.match == rule.match && !other.tenant.empty();
        });
    if (!replaced) found.push_back(i);
  }
  std::stable_sort(found.begin(), found.end(),
                   [this](std::size_t a, std::size_t b) { return rules_[a].age > rules_[b].age; });
  return found;
}

std::optional<std::size_t> Policy::default_of(std::string_view tenant) const {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!rules_[i].match.empty()) continue;
    if (rules_[i].tenant.empty() && !found) found = i;
    if (!rules_[i].tenant.empty() && rules_[i].tenant == tenant) return i;
  }
  return found;
}

std::vector<Policy::Part> Policy::parts(std::string_view tenant, Timestamp now) const {
  std::vector<Part> parts;
  std::vector<query::Filter> longer;  // what keeps a record longer than the rule at hand
  const auto add = [&](std::size_t rule) {
    Part part;
    part.rule = rule;
    part.query.tenant = tenant;
    part.query.until = now - rules_[rule].age;
    part.query.filters = filters_[rule];
    if (!longer.empty()) part.query.filters.push_back(group(query::Op::none_of, longer));
    parts.push_back(std::move(part));
  };
  for (const std::size_t rule : matching(tenant)) {
    add(rule);
    longer.push_back(group(query::Op::all_of, filters_[rule]));
  }
  if (const auto rule = default_of(tenant)) add(*rule);
  return parts;
}

std::optional<microseconds> Policy::longest(std::string_view tenant) const {
  const auto rule = default_of(tenant);
  if (!rule) return std::nullopt;
  microseconds age = rules_[*rule].age;
  for (const std::size_t i : matching(tenant)) age = std::max(age, rules_[i].age);
  return age;
}

std::optional<microseconds> Policy::shortest() const {
  std::optional<microseconds> age;
  for (const storage::RetentionRule& rule : rules_) {
    age = age ? std::min(*age, rule.age) : rule.age;
  }
  return age;
}

// No tenant has an empty name.
std::optional<microseconds> Policy::longest_for_others() const { return longest({}); }

std::vector<std::string> Policy::tenants_with_rules() const {
  std::set<std::string> tenants;
  for (const storage::RetentionRule& rule : rules_) {
    if (!rule.tenant.empty()) tenants.insert(rule.tenant);
  }
  return {tenants.begin(), tenants.end()};
}

std::string Policy::fingerprint() const {
  std::string text;
  for (const storage::RetentionRule& rule : rules_) {
    text += fmt::format("{}\n{}\n{}\n", rule.tenant, rule.match, rule.age.count());
  }
  return sha256_hex(text).substr(0, 16);
}

}  // namespace logctl::maintenance
