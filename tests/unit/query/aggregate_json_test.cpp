#include "shared/query/aggregate_json.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <optional>
#include <string>
#include <vector>

using namespace logctl;
using query::Field;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-01-15T12:02:30Z");

Timestamp at(std::string_view text) { return *parse_rfc3339(text); }

query::HitsRequest per_minute(std::vector<query::Subject> by = {}) {
  query::HitsRequest request;
  request.grouping.step = seconds(60);
  request.grouping.by = std::move(by);
  return request;
}

query::Group group(std::string_view time, std::uint64_t count,
                   std::vector<std::optional<std::string>> values = {}) {
  return {at(time), std::move(values), count};
}

std::string hits(const query::HitsRequest& request, const std::vector<query::Group>& groups) {
  std::string out;
  JsonWriter json(out);
  query::write_hits(json, request, groups, kNow);
  return out;
}

}  // namespace

TEST_CASE("hits: every step of the range is there", "[query]") {
  query::HitsRequest request = per_minute();
  request.grouping.query.since = at("2026-01-15T12:00:30Z");
  CHECK(
      hits(request, {group("2026-01-15T12:01:00Z", 3)}) ==
      R"({"step":"1m","start":"2026-01-15T12:00:00Z","end":"2026-01-15T12:03:00Z","total":3,"cut":false,)"
      R"("result":[{"metric":{},"total":3,"values":[[1768478400,0],[1768478460,3],[1768478520,0]]}]})");
}

TEST_CASE("hits: without bounds the range is that of the records", "[query]") {
  const std::string found =
      hits(per_minute(), {group("2026-01-15T12:01:00Z", 3), group("2026-01-15T12:04:00Z", 1)});
  CHECK(found.find(R"("start":"2026-01-15T12:01:00Z","end":"2026-01-15T12:05:00Z","total":4)") !=
        std::string::npos);
  CHECK(
      hits(per_minute(), {}) ==
      R"({"step":"1m","start":"2026-01-15T12:02:00Z","end":"2026-01-15T12:03:00Z","total":0,"cut":false,)"
      R"("result":[{"metric":{},"total":0,"values":[[1768478520,0]]}]})");
}

TEST_CASE("hits: the end is exclusive", "[query]") {
  query::HitsRequest request = per_minute();
  request.grouping.query.since = at("2026-01-15T12:00:00Z");
  request.grouping.query.until = at("2026-01-15T12:01:00Z");
  CHECK(hits(request, {}).find(R"("values":[[1768478400,0]]})") != std::string::npos);
}

TEST_CASE("hits: the largest values have series, the others one together", "[query]") {
  query::HitsRequest request = per_minute({{Field::service}});
  request.limit = 1;
  const std::string found = hits(request, {group("2026-01-15T12:02:00Z", 3, {"api"}),
                                           group("2026-01-15T12:02:00Z", 5, {std::nullopt}),
                                           group("2026-01-15T12:02:00Z", 1, {"web"})});
  CHECK(
      found ==
      R"({"step":"1m","start":"2026-01-15T12:02:00Z","end":"2026-01-15T12:03:00Z","total":9,"cut":true,)"
      R"("result":[{"metric":{"service":null},"total":5,"values":[[1768478520,5]]},)"
      R"({"metric":{},"others":true,"total":4,"values":[[1768478520,4]]}]})");
}

TEST_CASE("hits: more steps than an answer shows are an error", "[query]") {
  CHECK_THROWS_AS(hits(per_minute(), {group("2025-01-01T00:00:00Z", 1)}), Error);
}

TEST_CASE("count answers: values, facets and statistics say when they are cut", "[query]") {
  std::string out;
  JsonWriter values(out);
  query::write_values(values, {{}, {{}, {"a", "b"}}, "", 1}, {{{"x\"y", 3}}, 2, 4});
  CHECK(
      out ==
      R"({"field":"properties.a.b","rows":4,"distinct":2,"cut":true,"values":[{"value":"x\"y","count":3}]})");
  out.clear();
  query::Facets facets;
  facets.fields.push_back({"service", {{{"api", 1}}, 1, 1}, true});
  facets.rows = 5;
  facets.cut = true;
  JsonWriter fields(out);
  query::write_facets(fields, facets);
  CHECK(
      out ==
      R"({"rows":5,"total":null,"cut":true,"fields":[{"field":"service","rows":1,"distinct":1,"whole":true,)"
      R"("values":[{"value":"api","count":1}]}]})");
  out.clear();
  query::StatsQuestion question;
  question.by = {{Field::service}};
  question.calcs = {{}, {query::Measure::percentile, {{}, {"ms"}}, 95}};
  JsonWriter stats(out);
  query::write_stats(stats, question, {{{{std::nullopt}, 2, {2, std::nullopt}}}, 7});
  CHECK(out == R"x({"by":["service"],"calc":["count","p95(properties.ms)"],"groups":7,"cut":true,)x"
               R"x("rows":[{"group":{"service":null},"count":2,"p95(properties.ms)":null}]})x");
}
