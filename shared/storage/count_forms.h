// How each question about counts is read from parameters and answered in JSON: what the HTTP calls
// and the command line share. Thread-safe.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/json_writer.h"
#include "shared/query/aggregate_parameters.h"
#include "shared/storage/counting.h"

#include <functional>
#include <span>
#include <string>

namespace logctl::storage {

template <typename Question>
struct CountForm {
  // Throws query::ParameterError.
  std::function<Question(const query::Parameters&, std::span<const std::string> event_types,
                         Timestamp now)>
      read;
  // Throws what the store throws.
  std::function<void(JsonWriter&, CountStore&, const Question&, Timestamp now)> answer;
};

CountForm<query::HitsRequest> hits_form();
CountForm<query::FacetsQuestion> facets_form();
CountForm<query::FacetsQuestion> fields_form();
CountForm<query::ValuesQuestion> values_form(std::string field);
CountForm<query::StatsQuestion> stats_form();

// Which records a question is about.
template <typename Question>
query::Query& query_of(Question& question) {
  return question.query;
}
inline query::Query& query_of(query::HitsRequest& request) { return request.grouping.query; }

}  // namespace logctl::storage
