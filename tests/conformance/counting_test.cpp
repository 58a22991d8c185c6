#include "tests/conformance/naive_count.h"

#include <fmt/format.h>

#include <algorithm>

using namespace logctl;
using namespace logctl::test;
using query::Calc;
using query::Field;
using query::Measure;
using query::Op;

namespace {

const Timestamp kNoon = at("2026-03-10T12:00:00Z");

storage::CountStore& counts(World& world) { return *world.backend.counts; }

// Twelve records over two days with properties of all kinds.
void store_twelve(World& world) {
  Rows rows;
  for (int n = 0; n < 12; ++n) {
    const Timestamp time = kNoon - std::chrono::hours(2 * n);
    LogRecord& record = rows.add(time, fmt::format("e{:02}", n));
    record.service = n % 3 == 0 ? "api" : "web";
    if (n % 4 != 0) record.user_id = rows.keep(fmt::format("u-{}", n % 4));
    record.level = n < 2 ? Level::error : Level::info;
    record.sequence_number = n;
    record.properties = rows.keep(fmt::format(
        R"({{"ms":{}.5,"ok":{},"name":"a\"b","gone":null,"deep":{{"x":{}}},"list":[1]}})", n,
        n % 2 == 0 ? "true" : "false", n));
  }
  LogRecord& other = rows.add(kNoon, "foreign", "other");
  other.service = "api";
  world.append(rows);
}

query::Calc calc(Measure measure, query::Subject subject, std::uint32_t rank = 50) {
  return {measure, std::move(subject), rank};
}

std::string text_of(const query::Values& values) {
  std::string out;
  for (const query::Value& value : values.top) {
    out += fmt::format("{}={} ", value.text, value.count);
  }
  return out + fmt::format("of {} in {}", values.distinct, values.rows);
}

}  // namespace

TEST_CASE("counting: an empty store has one group without records", "[counting]") {
  World world;
  query::Grouping all;
  REQUIRE(counts(world).groups(all).size() == 1);
  CHECK(counts(world).groups(all).front().count == 0);
  all.step = seconds(60);
  CHECK(counts(world).groups(all).empty());
  CHECK(counts(world).values({{}, {Field::service}, "", 10}).top.empty());
  CHECK(counts(world).facets({}).fields.empty());
  CHECK(counts(world).facets({}).total == 0);
  query::StatsQuestion question;
  question.calcs = {{}, calc(Measure::sum, {Field::sequence_number})};
  const query::Stats stats = counts(world).stats(question);
  REQUIRE(stats.rows.size() == 1);
  CHECK(stats.rows.front().count == 0);
  CHECK(stats.rows.front().results[0] == 0.0);
  CHECK_FALSE(stats.rows.front().results[1].has_value());
  question.by = {{Field::service}};
  CHECK(counts(world).stats(question).rows.empty());
  CHECK(counts(world).total({}, 10).count == 0);
}

TEST_CASE("counting: the values of a field, with prefix and limit", "[counting]") {
  World world;
  store_twelve(world);
  const auto ask = [&](query::Subject subject, std::string prefix = "", std::uint32_t limit = 10) {
    return text_of(counts(world).values({{}, std::move(subject), std::move(prefix), limit}));
  };
  CHECK(ask({Field::service}) == "web=8 api=4 of 2 in 12");
  CHECK(ask({Field::service}, "w") == "web=8 of 1 in 8");
  CHECK(ask({Field::service}, "", 1) == "web=8 of 2 in 12");
  CHECK(ask({Field::service}, "%") == "of 0 in 0");
  CHECK(ask({Field::user_id}) == "u-1=3 u-2=3 u-3=3 of 3 in 9");
  CHECK(ask({{}, {"ok"}}) == "false=6 true=6 of 2 in 12");
  CHECK(ask({{}, {"name"}}) == "a\"b=12 of 1 in 12");
  CHECK(ask({{}, {"gone"}}) == "of 0 in 0");
  CHECK(ask({{}, {"deep", "x"}}, "1", 2) == "1=1 10=1 of 3 in 3");
  CHECK(ask({Field::sequence_number}, "11") == "11=1 of 1 in 1");
}

TEST_CASE("counting: the levels of one severity are one value", "[counting]") {
  World world;
  Rows rows;
  const Level levels[] = {Level::warn, Level::warning, Level::warning, Level::error, Level::none};
  int number = 0;
  for (const Level level : levels) {
    rows.add(kNoon - seconds(++number), fmt::format("l{}", number)).level = level;
  }
  world.append(rows);
  CHECK(text_of(counts(world).values({{}, {Field::level}, "", 10})) == "WARN=3 ERROR=1 of 2 in 4");
  CHECK(text_of(counts(world).values({{}, {Field::level}, "WARN", 10})) == "WARN=3 of 1 in 3");
  const query::Facets facets = counts(world).facets({});
  REQUIRE(facets.fields.size() >= 1);
  CHECK(text_of(facets.fields.front().values) == "WARN=3 ERROR=1 of 2 in 4");
  query::StatsQuestion question;
  question.by = {{Field::level}};
  question.calcs = {{}, calc(Measure::distinct, {Field::level})};
  const query::Stats stats = counts(world).stats(question);
  REQUIRE(stats.rows.size() == 3);
  CHECK(stats.rows[0].values[0] == "WARN");
  CHECK(stats.rows[0].count == 3);
  CHECK(stats.rows[0].results[1] == 1.0);
  // As text they stay what they are.
  query::Grouping written;
  written.query.filters = {{Field::level, Op::like, "WARNI*", {}}};
  written.by = {{Field::level}};
  CHECK(counts(world).groups(written).front().count == 2);
}

TEST_CASE("counting: facets of all records, and of a part that says so", "[counting]") {
  World world;
  store_twelve(world);
  const auto shown = [](const query::Facets& facets) {
    std::string out;
    for (const query::Facet& facet : facets.fields) {
      out += fmt::format("{}{}: {}\n", facet.field, facet.whole ? "" : "?", text_of(facet.values));
    }
    return out;
  };
  query::FacetsQuestion question;
  question.limit = 2;
  const query::Facets whole = counts(world).facets(question);
  CHECK(shown(whole) ==
        "service: web=8 api=4 of 2 in 12\n"
        "level: INFO=10 ERROR=2 of 2 in 12\n"
        "priority: normal=12 of 1 in 12\n"
        "user_id: u-1=3 u-2=3 of 3 in 9\n"
        "properties.ms: 0.5=1 1.5=1 of 12 in 12\n"
        "properties.name: a\"b=12 of 1 in 12\n"
        "properties.ok: false=6 true=6 of 2 in 12\n");
  CHECK(whole.rows == 12);
  CHECK(whole.total == 12);
  CHECK_FALSE(whole.cut);

  question.sample = 5;
  const query::Facets part = counts(world).facets(question);
  CHECK(part.cut);
  CHECK(part.rows == 5);
  CHECK(part.total == 12);
  CHECK(shown(part) ==
        "service: web=8 api=4 of 2 in 12\n"
        "level: INFO=10 ERROR=2 of 2 in 12\n"
        "priority?: normal=5 of 1 in 5\n"
        "user_id?: u-1=1 u-2=1 of 3 in 3\n"
        "properties.ms?: 0.5=1 1.5=1 of 5 in 5\n"
        "properties.name?: a\"b=5 of 1 in 5\n"
        "properties.ok?: true=3 false=2 of 2 in 5\n");

  question.query.filters.push_back({Field::message, Op::contains, "m", {}});
  question.sample = 12;  // as many as match: nothing is cut
  const query::Facets exact = counts(world).facets(question);
  CHECK_FALSE(exact.cut);
  CHECK(exact.total == 12);
  CHECK(std::ranges::all_of(exact.fields, &query::Facet::whole));
  question.sample = 5;
  const query::Facets filtered = counts(world).facets(question);
  CHECK(filtered.cut);
  CHECK_FALSE(filtered.total.has_value());
  CHECK(std::ranges::none_of(filtered.fields, &query::Facet::whole));
}

TEST_CASE("counting: statistics by group", "[counting]") {
  World world;
  store_twelve(world);
  query::StatsQuestion question;
  question.by = {{Field::service}};
  const query::Subject ms{{}, {"ms"}};
  question.calcs = {{},
                    calc(Measure::distinct, {Field::user_id}),
                    calc(Measure::sum, ms),
                    calc(Measure::avg, ms),
                    calc(Measure::min, ms),
                    calc(Measure::max, ms),
                    calc(Measure::percentile, ms, 50),
                    calc(Measure::percentile, ms, 99),
                    calc(Measure::max, {Field::sequence_number}),
                    calc(Measure::sum, {{}, {"name"}})};
  const auto shown = [&] {
    std::string out;
    for (const query::StatsRow& row : counts(world).stats(question).rows) {
      for (const auto& value : row.values) out += value.value_or("-") + " ";
      out += fmt::format("{}:", row.count);
      for (const auto& result : row.results) {
        out += result ? fmt::format(" {}", *result) : std::string(" -");
      }
      out += "\n";
    }
    return out;
  };
  CHECK(shown() ==
        "web 8: 8 3 52 6.5 1.5 11.5 5.5 11.5 11 -\n"
        "api 4: 4 3 20 5 0.5 9.5 3.5 9.5 9 -\n");
  question.limit = 1;
  CHECK(counts(world).stats(question).groups == 2);
  CHECK(counts(world).stats(question).rows.size() == 1);
  question.limit = 100;
  question.by = {{Field::user_id}, {{}, {"ok"}}};
  question.calcs = {{}};
  CHECK(shown() ==
        "u-1 false 3: 3\n"
        "u-2 true 3: 3\n"
        "u-3 false 3: 3\n"
        "- true 3: 3\n");
}

TEST_CASE("counting: a percentile is one of the values", "[counting]") {
  World world;
  Rows rows;
  for (int n = 1; n <= 10; ++n) {
    LogRecord& record = rows.add(kNoon - std::chrono::hours(5 * n), fmt::format("p{}", n));
    record.properties = rows.keep(fmt::format(R"({{"v":{}}})", n * n));
  }
  world.append(rows);
  query::StatsQuestion question;
  for (const std::uint32_t rank : {1U, 10U, 11U, 50U, 90U, 95U, 99U}) {
    question.calcs.push_back(calc(Measure::percentile, {{}, {"v"}}, rank));
  }
  const query::Stats stats = counts(world).stats(question);
  REQUIRE(stats.rows.size() == 1);
  const std::vector<std::optional<double>> expected = {1, 1, 4, 25, 81, 100, 100};
  CHECK(stats.rows.front().results == expected);
}

TEST_CASE("counting: a total is exact, or says that it is not", "[counting]") {
  World world;
  store_twelve(world);
  CHECK(counts(world).total({}, 0).count == 12);
  CHECK(counts(world).total({}, 0).exact);
  query::Query users;
  users.filters.push_back({Field::user_id, Op::exists, "", {}});
  const storage::Total exact = counts(world).total(users, 9);
  CHECK(exact.count == 9);
  CHECK(exact.exact);
  const storage::Total estimate = counts(world).total(users, 2);
  CHECK_FALSE(estimate.exact);
  // The newest three are among the newest four of twelve.
  CHECK(estimate.count == 9);
  users.tenant = "nobody";
  CHECK(counts(world).total(users, 2).count == 0);
}

TEST_CASE("counting: the rows of a view count, no others", "[counting]") {
  World world;
  store_twelve(world);
  const query::View view("default", {{Field::service, Op::equal, "api", {}}});
  const storage::Statistics statistics = world.logs().statistics(view, kNoon);
  CHECK(statistics.total_logs == 4);
  query::Grouping question;
  query::bind(question.query, view);
  CHECK(counts(world).groups(question).front().count == 4);
}

TEST_CASE("counting: too many groups are an error, not a part of the answer", "[counting]") {
  storage::GroupSums sums({{}, seconds(60), {}});
  for (std::size_t i = 0; i < storage::kMostGroups; ++i) {
    sums.add(static_cast<std::int64_t>(i), {}, 1);
  }
  CHECK(code_of([&] { sums.add(-1, {}, 1); }) == ErrorCode::validation_error);
}

TEST_CASE("counting: days that are gone are not counted, and days made again begin anew",
          "[counting]") {
  World world;
  store_twelve(world);
  world.store.execute("DELETE FROM logs");
  query::Grouping all;
  CHECK(counts(world).groups(all).front().count == 0);
  store_twelve(world);
  CHECK(counts(world).groups(all).front().count == 12);
  world.clock.advance(seconds(600));
  world.logs().maintain(world.clock.now());
  CHECK(counts(world).groups(all).front().count == 12);
}
