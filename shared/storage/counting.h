// Counts without reading more than needed: the interface that every store answers, and what their
// answers are put together from.
//
// Threads and errors as in store.h. Every answer is one moment's (on SQLite: one for each day), and
// exact unless it says otherwise: from the roll-ups where they can tell, else from the rows, within
// database.statement_timeout.
#pragma once

#include "shared/base/error.h"
#include "shared/query/aggregate.h"
#include "shared/storage/store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace logctl::storage {

// How many rows match. Not exact: they were not all counted, `count` is an estimate from how close
// together the newest ones are.
struct Total {
  std::uint64_t count = 0;
  bool exact = true;
};

class CountStore {
 public:
  virtual ~CountStore() = default;

  // In the order of buckets and values (absent ones last); without groups of no rows, except that a
  // question without groups gets one. Error{validation_error} when there are more than kMostGroups.
  virtual std::vector<query::Group> groups(const query::Grouping& question) = 0;
  virtual query::Values values(const query::ValuesQuestion& question) = 0;
  virtual query::Facets facets(const query::FacetsQuestion& question) = 0;
  virtual query::Stats stats(const query::StatsQuestion& question) = 0;
  // Exact when the roll-ups can tell, when at most `most` rows match, and where an estimate would
  // cost no less.
  virtual Total total(const query::Query& query, std::uint64_t most) = 0;
};

inline constexpr std::size_t kMostGroups = 500'000;

Error too_many_groups();

// Adds up groups that come from several days or tables.
class GroupSums {
 public:
  using Key = std::pair<std::int64_t, std::vector<std::optional<std::string>>>;

  explicit GroupSums(const query::Grouping& question)
      : stepped_(question.step.has_value()), one_group_(!stepped_ && question.by.empty()) {}
  void add(std::int64_t bucket, std::vector<std::optional<std::string>> values, std::int64_t count);
  std::vector<query::Group> take();

 private:
  struct Less {
    bool operator()(const Key& a, const Key& b) const;
  };
  bool stepped_;
  bool one_group_;  // of everything: there even when it is empty
  std::map<Key, std::int64_t, Less> sums_;
};

// Adds up the values of one field.
class ValueSums {
 public:
  void add(std::string_view value, std::int64_t count);
  query::Values take(std::uint32_t limit) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view value) const {
      return std::hash<std::string_view>{}(value);
    }
  };
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> sums_;
};

// Whether values in the order of an answer: by bytes, absent ones last.
bool values_less(const std::vector<std::optional<std::string>>& a,
                 const std::vector<std::optional<std::string>>& b);

// An estimate of how many rows match `query`, when counting stopped after the newest `counted`,
// the oldest of them at `oldest`: as many among all rows as among those since then.
Total estimate(CountStore& store, const query::Query& query, std::uint64_t counted,
               Timestamp oldest);

// How many rows match the question that `page` answers: what the page tells by itself, else what
// store.total() says, and where that takes too long an estimate, for the page is there.
Total total_beside(const Page& page, CountStore& store, const query::Query& query,
                   std::uint64_t most);

// Replaces the facets that roll-ups can tell of all rows, and says what is known of the total.
void complete_facets(CountStore& store, const query::FacetsQuestion& question,
                     query::Facets& facets);

}  // namespace logctl::storage
