#include "shared/storage/facet_tally.h"

#include "shared/query/path.h"
#include "shared/query/property.h"

#include <utility>

namespace logctl::storage {

void FacetTally::properties(std::string_view json) {
  using Kind = query::Property::Kind;
  query::each_property(json, [&](std::string_view name, const query::Property& property) {
    if (property.kind == Kind::absent || property.kind == Kind::container) return;
    auto sums = properties_.find(name);
    if (sums == properties_.end()) sums = properties_.emplace(name, ValueSums()).first;
    sums->second.add(property.text, 1);
  });
}

query::Facets FacetTally::take(std::uint32_t limit) const {
  query::Facets facets;
  facets.rows = rows_;
  facets.cut = cut_;
  const auto put = [&](std::string name, const ValueSums& sums) {
    query::Values values = sums.take(limit);
    if (values.distinct > 0) facets.fields.push_back({std::move(name), std::move(values)});
  };
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    put(std::string(query::field_name(query::facet_columns()[i])), columns_[i]);
  }
  for (const auto& [name, sums] : properties_) {
    put(query::property_name({&name, 1}), sums);
  }
  return facets;
}

}  // namespace logctl::storage
