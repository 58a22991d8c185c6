// Sums, percentiles and the like computed row by row, for a store that has no such functions of its
// own. Means the same as PostgreSQL's: sums without loss on the way, percentile_disc.
//
// One thread. Bounded: throws Error{validation_error} when it would have to keep too much.
#pragma once

#include "shared/query/aggregate.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

class Measures {
 public:
  using Key = std::vector<std::optional<std::string>>;
  struct State {
    std::uint64_t count = 0;
    double sum = 0;
    double lost = 0;  // what the sum's digits could not hold
    double least = 0;
    double most = 0;
    std::vector<double> numbers;                   // of a percentile
    std::set<std::string, std::less<>> different;  // of distinct
  };
  struct Group {
    std::uint64_t rows = 0;
    std::vector<State> states;  // one for each calc
  };

  explicit Measures(const query::StatsQuestion& question);

  // The group of one more row.
  Group& group(const Key& key);
  void add_text(Group& group, std::size_t calc, std::string_view text);
  void add_number(Group& group, std::size_t calc, double number);
  query::Stats take();

 private:
  struct Less {
    bool operator()(const Key& a, const Key& b) const;
  };
  void keep_one();

  const query::StatsQuestion& question_;
  std::map<Key, Group, Less> groups_;
  std::size_t kept_ = 0;
};

}  // namespace logctl::storage
