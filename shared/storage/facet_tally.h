// Counts the values of every field while rows of query::select_facet_sample are read.
//
// One thread. Bounded by the rows it is given.
#pragma once

#include "shared/query/aggregate_sql.h"
#include "shared/storage/counting.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

class FacetTally {
 public:
  // Of at most `sample` rows.
  explicit FacetTally(std::uint32_t sample) : sample_(sample) {}

  // How many rows there are to read: one more than is counted tells that there are more.
  std::uint32_t wanted() const { return cut_ ? 0 : sample_ + 1 - rows_; }
  // One more row; false when it is not to be counted any more.
  bool row() {
    cut_ = rows_ == sample_;
    if (!cut_) ++rows_;
    return !cut_;
  }
  // Its values, by their place in query::facet_columns (those that it has), and its properties.
  void column(std::size_t place, std::string_view value) { columns_[place].add(value, 1); }
  // Nested objects and arrays are no values that anybody counts.
  void properties(std::string_view json);

  query::Facets take(std::uint32_t limit) const;

 private:
  const std::uint32_t sample_;
  std::uint32_t rows_ = 0;
  bool cut_ = false;
  std::vector<ValueSums> columns_ = std::vector<ValueSums>(query::facet_columns().size());
  std::map<std::string, ValueSums, std::less<>> properties_;
};

}  // namespace logctl::storage
