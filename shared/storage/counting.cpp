#include "shared/storage/counting.h"

#include "shared/base/error.h"
#include "shared/query/aggregate_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace logctl::storage {
namespace {

constexpr std::size_t kMostValues = 2'000'000;
// However large an estimate gets, it is one.
constexpr double kLargestEstimate = 9e15;

std::uint64_t natural(std::int64_t count) {
  return count > 0 ? static_cast<std::uint64_t>(count) : 0;
}

Error too_many(std::size_t most, std::string_view what) {
  return Error(ErrorCode::validation_error,
               fmt::format("the answer has more than {} {}", most, what),
               "narrow the range of time or the filters, or take longer steps");
}

}  // namespace

Error too_many_groups() { return too_many(kMostGroups, "groups"); }

bool values_less(const std::vector<std::optional<std::string>>& a,
                 const std::vector<std::optional<std::string>>& b) {
  return std::ranges::lexicographical_compare(a, b, [](const auto& x, const auto& y) {
    if (!x || !y) return x.has_value() && !y;
    return *x < *y;
  });
}

bool GroupSums::Less::operator()(const Key& a, const Key& b) const {
  if (a.first != b.first) return a.first < b.first;
  return values_less(a.second, b.second);
}

void GroupSums::add(std::int64_t bucket, std::vector<std::optional<std::string>> values,
                    std::int64_t count) {
  sums_[{bucket, std::move(values)}] += count;
  if (sums_.size() > kMostGroups) throw too_many_groups();
}

std::vector<query::Group> GroupSums::take() {
  std::vector<query::Group> groups;
  for (auto& [key, count] : sums_) {
    if (count <= 0 && !one_group_) continue;
    query::Group& group = groups.emplace_back();
    if (stepped_) group.bucket = from_micros(key.first);
    group.values = key.second;
    group.count = natural(count);
  }
  if (groups.empty() && one_group_) groups.emplace_back();
  sums_.clear();
  return groups;
}

void ValueSums::add(std::string_view value, std::int64_t count) {
  const auto known = sums_.find(value);
  if (known != sums_.end()) {
    known->second += count;
    return;
  }
  if (sums_.size() >= kMostValues) throw too_many(kMostValues, "different values");
  sums_.emplace(value, count);
}

query::Values ValueSums::take(std::uint32_t limit) const {
  query::Values values;
  for (const auto& [text, count] : sums_) {
    if (count <= 0) continue;
    ++values.distinct;
    values.rows += natural(count);
    values.top.push_back({text, natural(count)});
  }
  const auto before = [](const query::Value& a, const query::Value& b) {
    return a.count != b.count ? a.count > b.count : a.text < b.text;
  };
  const std::size_t kept = std::min<std::size_t>(limit, values.top.size());
  const auto end = values.top.begin() + static_cast<std::ptrdiff_t>(kept);
  std::partial_sort(values.top.begin(), end, values.top.end(), before);
  values.top.resize(kept);
  return values;
}

Total estimate(CountStore& store, const query::Query& query, std::uint64_t counted,
               Timestamp oldest) {
  const auto rows = [&](std::optional<Timestamp> since) {
    query::Grouping all;
    all.query.tenant = query.tenant;
    all.query.since = since;
    all.query.until = query.until;
    return static_cast<double>(store.groups(all).front().count);
  };
  const double near = std::max(rows(oldest), 1.0);
  const double share = static_cast<double>(counted) / near;
  const double guess = std::min(share * rows(query.since), kLargestEstimate);
  return {std::max(counted, static_cast<std::uint64_t>(guess)), false};
}

Total total_beside(const Page& page, CountStore& store, const query::Query& query,
                   std::uint64_t most) {
  const std::vector<LogRecord>& rows = page.batch.records;
  const std::uint64_t seen = query.offset + rows.size();
  if (rows.size() < query.limit && (query.offset == 0 || !rows.empty())) return {seen};
  if (rows.empty()) return store.total(query, most);
  const auto in_time = [](const auto& ask) -> std::optional<Total> {
    try {
      return ask();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::timeout) throw;
      return std::nullopt;
    }
  };
  if (const auto total = in_time([&] { return store.total(query, most); })) return *total;
  std::optional<Total> guess;
  if (query.sort == query::Field::timestamp && query.order == query::Order::descending) {
    guess = in_time([&] { return estimate(store, query, seen, rows.back().timestamp); });
  }
  return {std::max(guess ? guess->count : 0, seen + 1), false};
}

void complete_facets(CountStore& store, const query::FacetsQuestion& question,
                     query::Facets& facets) {
  if (!facets.cut) {
    facets.total = facets.rows;
    for (query::Facet& facet : facets.fields) facet.whole = true;
    return;
  }
  if (!query::is_rolled_up(question.query)) return;
  // All fields in one pass.
  query::Grouping by_all;
  by_all.query = question.query;
  by_all.by.assign(query::kRolledUp.begin(), query::kRolledUp.end());
  std::array<ValueSums, query::kRolledUp.size()> sums;
  std::uint64_t total = 0;
  for (const query::Group& group : store.groups(by_all)) {
    total += group.count;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (!group.values[i]) continue;
      sums.at(i).add(*group.values[i], static_cast<std::int64_t>(group.count));
    }
  }
  facets.total = total;
  facets.cut = total > facets.rows;
  std::vector<query::Facet> whole;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    query::Facet facet{std::string(query::field_name(query::kRolledUp.at(i))),
                       sums.at(i).take(question.limit), true};
    if (facet.values.distinct > 0) whole.push_back(std::move(facet));
  }
  std::erase_if(facets.fields, [](const query::Facet& facet) {
    const auto subject = query::parse_subject(facet.field);
    return subject && query::is_rolled_up(*subject);
  });
  facets.fields.insert(facets.fields.begin(), whole.begin(), whole.end());
}

}  // namespace logctl::storage
