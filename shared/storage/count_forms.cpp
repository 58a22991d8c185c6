#include "shared/storage/count_forms.h"

#include "shared/query/aggregate_json.h"

#include <utility>

namespace logctl::storage {

CountForm<query::HitsRequest> hits_form() {
  return {query::parse_hits,
          [](JsonWriter& json, CountStore& store, const query::HitsRequest& asked, Timestamp now) {
            query::write_hits(json, asked, store.groups(asked.grouping), now);
          }};
}

CountForm<query::FacetsQuestion> facets_form() {
  return {query::parse_facets,
          [](JsonWriter& json, CountStore& store, const query::FacetsQuestion& asked, Timestamp) {
            query::write_facets(json, store.facets(asked));
          }};
}

CountForm<query::FacetsQuestion> fields_form() {
  return {query::parse_facets,
          [](JsonWriter& json, CountStore& store, const query::FacetsQuestion& asked, Timestamp) {
            query::write_fields(json, store.facets(asked));
          }};
}

CountForm<query::ValuesQuestion> values_form(std::string field) {
  return {[field = std::move(field)](const query::Parameters& parameters,
                                     std::span<const std::string> event_types, Timestamp now) {
            return query::parse_values(field, parameters, event_types, now);
          },
          [](JsonWriter& json, CountStore& store, const query::ValuesQuestion& asked, Timestamp) {
            query::write_values(json, asked, store.values(asked));
          }};
}

CountForm<query::StatsQuestion> stats_form() {
  return {query::parse_stats,
          [](JsonWriter& json, CountStore& store, const query::StatsQuestion& asked, Timestamp) {
            query::write_stats(json, asked, store.stats(asked));
          }};
}

}  // namespace logctl::storage
