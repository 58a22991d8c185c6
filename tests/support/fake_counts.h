// A CountStore that answers what a test put in and keeps what it was asked.
#pragma once

#include "shared/storage/counting.h"

#include <optional>
#include <vector>

namespace logctl::test {

class FakeCounts : public storage::CountStore {
 public:
  std::vector<query::Group> groups_answer;
  query::Values values_answer;
  query::Facets facets_answer;
  query::Stats stats_answer;
  storage::Total total_answer;
  std::optional<Error> total_error;

  std::vector<query::Query> asked;
  query::Grouping asked_grouping;
  query::ValuesQuestion asked_values;
  query::FacetsQuestion asked_facets;
  query::StatsQuestion asked_stats;

  std::vector<query::Group> groups(const query::Grouping& question) override {
    asked.push_back(question.query);
    asked_grouping = question;
    return groups_answer;
  }
  query::Values values(const query::ValuesQuestion& question) override {
    asked.push_back(question.query);
    asked_values = question;
    return values_answer;
  }
  query::Facets facets(const query::FacetsQuestion& question) override {
    asked.push_back(question.query);
    asked_facets = question;
    return facets_answer;
  }
  query::Stats stats(const query::StatsQuestion& question) override {
    asked.push_back(question.query);
    asked_stats = question;
    return stats_answer;
  }
  storage::Total total(const query::Query& query, std::uint64_t) override {
    asked.push_back(query);
    if (total_error) throw Error(*total_error);
    return total_answer;
  }
};

}  // namespace logctl::test
