#include "shared/query/aggregate_parameters.h"

#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::query;

namespace {

const Timestamp kNow = *parse_rfc3339("2026-01-15T12:00:00Z");

std::string problem(const std::function<void()>& parse) {
  try {
    parse();
  } catch (const ParameterError& error) {
    return error.message();
  }
  return "none";
}
std::string hits_problem(const Parameters& parameters) {
  return problem([&] { parse_hits(parameters, {}, kNow); });
}
std::string stats_problem(const Parameters& parameters) {
  return problem([&] { parse_stats(parameters, {}, kNow); });
}

}  // namespace

TEST_CASE("count parameters: hits take filters, a step and a field", "[query]") {
  const HitsRequest request = parse_hits({{"step", "5m"},
                                          {"group", "level"},
                                          {"limit", "3"},
                                          {"q", "service:api since:2h"},
                                          {"user_id", "u-1"}},
                                         {}, kNow);
  CHECK(request.grouping.step == seconds(300));
  CHECK(request.grouping.by == std::vector<Subject>{{Field::level}});
  CHECK(request.limit == 3);
  CHECK(request.grouping.query.since == kNow - std::chrono::hours(2));
  CHECK(request.grouping.query.filters.size() == 2);
}

TEST_CASE("count parameters: without a step one is taken that fits the range", "[query]") {
  const auto step = [](const char* since) {
    return *parse_hits({{"since", since}}, {}, kNow).grouping.step;
  };
  CHECK(step("1h") == seconds(60));
  CHECK(step("5h") == seconds(300));
  CHECK(step("10h") == std::chrono::minutes(15));
  CHECK(step("24h") == std::chrono::hours(1));
  CHECK(step("7d") == std::chrono::hours(6));
  CHECK(step("30d") == std::chrono::hours(24));
  CHECK(step("900d") == std::chrono::hours(24));
  CHECK(*parse_hits({}, {}, kNow).grouping.step == std::chrono::hours(24));
}

TEST_CASE("count parameters: what is wrong is said with what would be right", "[query]") {
  CHECK(hits_problem({{"step", "7m"}}) ==
        "step: expected one of 1m, 5m, 15m, 1h, 6h, 1d, found `7m`");
  CHECK(hits_problem({{"stp", "1m"}}) == "stp: unknown parameter, did you mean step?");
  CHECK(hits_problem({{"servce", "x"}}) == "servce: unknown parameter, did you mean service?");
  CHECK(hits_problem({{"page", "2"}}) ==
        "page: means nothing here: counts have no pages and no order to choose");
  CHECK(hits_problem({{"step", "1m"}, {"step", "5m"}}) == "step: was given twice");
  CHECK(hits_problem({{"group", "servce"}}) ==
        "group: unknown field `servce`, did you mean service?");
  CHECK(hits_problem({{"limit", "0"}}) ==
        "limit: expected a whole number from 1 to 1000, found `0`");
  CHECK(hits_problem({{"step", "1m"}, {"since", "365d"}}) ==
        "step: the range has more than 11000 steps: take longer ones, or a shorter range");
  CHECK(problem([] { parse_values("timestamp", {}, {}, kNow); }) ==
        "field: timestamp is a time: ask for hits instead");
  CHECK(problem([] {
          parse_facets({{"sample", "999999"}}, {}, kNow);
        }) == "sample: expected a whole number from 1 to 200000, found `999999`");
}

TEST_CASE("count parameters: statistics name what to compute", "[query]") {
  const StatsQuestion question =
      parse_stats({{"by", "service, properties.region"},
                   {"calc", "count,distinct(user_id),p95(properties.ms),sum(sequence_number)"}},
                  {}, kNow);
  CHECK(question.by == std::vector<Subject>{{Field::service}, {{}, {"region"}}});
  std::vector<std::string> names;
  for (const Calc& calc : question.calcs) names.push_back(calc_name(calc));
  CHECK(names == std::vector<std::string>{"count", "distinct(user_id)", "p95(properties.ms)",
                                          "sum(sequence_number)"});
  CHECK(parse_stats({}, {}, kNow).calcs == std::vector<Calc>{{}});
  const StatsQuestion quoted = parse_stats(
      {{"by", R"(host,properties."a,(\"b".c)"}, {"calc", R"(max(properties."http.ms"),count)"}}, {},
      kNow);
  CHECK(quoted.by == std::vector<Subject>{{Field::host}, {{}, {"a,(\"b", "c"}}});
  REQUIRE(quoted.calcs.size() == 2);
  CHECK(calc_name(quoted.calcs[0]) == R"(max(properties."http.ms"))");
}

TEST_CASE("count parameters: what cannot be computed is refused", "[query]") {
  const std::string forms =
      "expected count, distinct(FIELD), sum(FIELD), avg(FIELD), min(FIELD), max(FIELD) or "
      "p1(FIELD) to p99(FIELD), found ";
  CHECK(stats_problem({{"calc", "median(properties.x)"}}) ==
        "calc: " + forms + "`median(properties.x)`");
  CHECK(stats_problem({{"calc", "p100(properties.x)"}}) ==
        "calc: " + forms + "`p100(properties.x)`");
  CHECK(stats_problem({{"calc", "p"}}) == "calc: " + forms + "`p`");
  CHECK(stats_problem({{"calc", "()"}}) == "calc: " + forms + "`()`");
  CHECK(stats_problem({{"calc", "sum(service)"}}) ==
        "calc: service is no number: sum needs sequence_number or a property");
  CHECK(stats_problem({{"calc", "sum(propertie.x)"}}).starts_with("calc: "));
  CHECK(stats_problem({{"by", "timestamp"}}) == "by: timestamp is a time: ask for hits instead");
  CHECK(stats_problem({{"by", "properties."}}).starts_with("by: expected a field such as"));
  CHECK(stats_problem({{"by", "properties.\"x"}}).starts_with("by: expected a field such as"));
  CHECK(stats_problem({{"by", "user"}}) == "by: unknown field `user`, did you mean user_id?");
}

TEST_CASE("count parameters: names of fields go there and back", "[query]") {
  for (const std::string_view name : field_names())
    CHECK(subject_name(*parse_subject(name)) == name);
  CHECK(subject_name(*parse_subject("properties.geo.city")) == "properties.geo.city");
  CHECK_FALSE(parse_subject("id").has_value());
  CHECK_FALSE(parse_subject("properties").has_value());
  CHECK_FALSE(parse_subject("properties..x").has_value());
}

TEST_CASE("count parameters: roll-ups know these filters and no others", "[query]") {
  const auto known = [](Filter filter) {
    Query query;
    query.filters.push_back(std::move(filter));
    return is_rolled_up(query);
  };
  CHECK(known({Field::level, Op::at_least, "WARN", {}}));
  CHECK(known({{}, Op::none_of, "", {}, {{Field::service, Op::like, "a*", {}}}}));
  CHECK_FALSE(known({Field::message, Op::contains, "x", {}}));
  CHECK_FALSE(known({{},
                     Op::any_of,
                     "",
                     {},
                     {{Field::service, Op::equal, "a", {}}, {Field::host, Op::equal, "h", {}}}}));
  // A property's field says nothing.
  CHECK_FALSE(known({Field::service, Op::equal, "x", {"a"}}));
  CHECK_FALSE(known({Field::timestamp, Op::more, "2026-01-15T12:00:00Z", {}}));
}
