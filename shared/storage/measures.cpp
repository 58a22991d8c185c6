#include "shared/storage/measures.h"

#include "shared/base/error.h"
#include "shared/storage/counting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace logctl::storage {
namespace {

constexpr std::size_t kMostKept = 8'000'000;

double percentile(std::vector<double>& numbers, std::uint32_t rank) {
  // The first value with at least this share of all values up to it.
  const auto wanted = static_cast<std::size_t>(
      std::ceil(static_cast<double>(rank) * static_cast<double>(numbers.size()) / 100.0));
  const auto at =
      numbers.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(wanted, 1) - 1);
  std::nth_element(numbers.begin(), at, numbers.end());
  return *at;
}

std::optional<double> result(const query::Calc& calc, const Measures::Group& group,
                             Measures::State& state) {
  using query::Measure;
  if (calc.measure == Measure::count) return static_cast<double>(group.rows);
  if (calc.measure == Measure::distinct) return static_cast<double>(state.different.size());
  if (state.count == 0) return std::nullopt;
  const double sum = state.sum + state.lost;
  switch (calc.measure) {
    case Measure::sum:
      return sum;
    case Measure::avg:
      return sum / static_cast<double>(state.count);
    case Measure::min:
      return state.least;
    case Measure::max:
      return state.most;
    default:
      return percentile(state.numbers, calc.rank);
  }
}

}  // namespace

bool Measures::Less::operator()(const Key& a, const Key& b) const { return values_less(a, b); }

Measures::Measures(const query::StatsQuestion& question) : question_(question) {
  if (question.by.empty()) groups_[{}].states.resize(question.calcs.size());
}

void Measures::keep_one() {
  if (++kept_ <= kMostKept) return;
  throw Error(ErrorCode::validation_error,
              fmt::format("the answer needs more than {} values at once", kMostKept),
              "narrow the range of time or the filters");
}

Measures::Group& Measures::group(const Key& key) {
  const auto [found, is_new] = groups_.try_emplace(key);
  Group& group = found->second;
  if (is_new) {
    keep_one();
    group.states.resize(question_.calcs.size());
  }
  ++group.rows;
  return group;
}

void Measures::add_text(Group& group, std::size_t calc, std::string_view text) {
  auto& different = group.states[calc].different;
  if (different.find(text) != different.end()) return;
  keep_one();
  different.emplace(text);
}

void Measures::add_number(Group& group, std::size_t calc, double number) {
  State& state = group.states[calc];
  state.least = state.count == 0 ? number : std::min(state.least, number);
  state.most = state.count == 0 ? number : std::max(state.most, number);
  ++state.count;
  const double sum = state.sum + number;
  state.lost += std::fabs(state.sum) >= std::fabs(number) ? (state.sum - sum) + number
                                                          : (number - sum) + state.sum;
  state.sum = sum;
  if (question_.calcs[calc].measure != query::Measure::percentile) return;
  keep_one();
  state.numbers.push_back(number);
}

query::Stats Measures::take() {
  query::Stats stats;
  stats.groups = groups_.size();
  for (auto& [key, group] : groups_) {
    query::StatsRow& row = stats.rows.emplace_back();
    row.values = key;
    row.count = group.rows;
    for (std::size_t i = 0; i < question_.calcs.size(); ++i) {
      row.results.push_back(result(question_.calcs[i], group, group.states[i]));
    }
  }
  std::stable_sort(
      stats.rows.begin(), stats.rows.end(),
      [](const query::StatsRow& a, const query::StatsRow& b) { return a.count > b.count; });
  if (stats.rows.size() > question_.limit) stats.rows.resize(question_.limit);
  return stats;
}

}  // namespace logctl::storage
