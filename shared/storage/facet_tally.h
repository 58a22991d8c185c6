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
  // A row: its values, by their place in query::facet_columns (those that it has), and its
  // properties.
  void row() { ++rows_; }
  void column(std::size_t place, std::string_view value) { columns_[place].add(value, 1); }
  // Nested objects and arrays are no values that anybody counts.
  void properties(std::string_view json);

  std::uint64_t rows() const { return rows_; }
  query::Facets take(std::uint32_t limit) const;

 private:
  std::uint64_t rows_ = 0;
  std::vector<ValueSums> columns_ = std::vector<ValueSums>(query::facet_columns().size());
  std::map<std::string, ValueSums, std::less<>> properties_;
};

}  // namespace logctl::storage
