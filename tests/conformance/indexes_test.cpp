#include "shared/query/syntax.h"
#include "shared/storage/index_upkeep.h"
#include "tests/conformance/world.h"

#include <fmt/format.h>

#include <array>
#include <map>

using namespace logctl;
using namespace logctl::test;
using query::Order;
using query::Query;
using storage::DayIndex;
using storage::IndexState;

namespace {

const Timestamp kDay = at("2026-03-08T00:00:00Z");
const std::chrono::sys_days kIndexed = std::chrono::floor<std::chrono::days>(kDay);

const storage::IndexSettings kSettings{
    {"service", "user_id", "level", "text", "properties.order.id"}, microseconds(0)};

// Many rows of two closed days and today; most are like each other, a few are not. Several share a
// time.
void fill(World& world, int rows_a_day) {
  constexpr std::array kLevels = {Level::info, Level::info, Level::warn, Level::error};
  for (int day = 0; day < 3; ++day) {
    Rows rows;
    for (int i = 0; i < rows_a_day; ++i) {
      const int n = day * rows_a_day + i;
      LogRecord& record =
          rows.add(kDay + std::chrono::days(day) + seconds(i / 3 * 7),
                   rows.keep(fmt::format("e{:06}", n)), n % 50 == 0 ? "b" : "default");
      record.service = rows.keep(fmt::format("service-{}", n % 5));
      record.level = kLevels[static_cast<std::size_t>(n) % kLevels.size()];
      record.user_id = rows.keep(fmt::format("user-{}", n % 97));
      record.message = rows.keep(fmt::format("Request {} took {} ms{}", n, n % 211,
                                             n % 173 == 0 ? ", TIMED out \"hard\" größer" : ""));
      if (n % 7 == 0) {
        record.properties = rows.keep(fmt::format(R"({{"order":{{"id":{}}}}})", n % 31));
      }
    }
    world.append(rows);
  }
}

const std::vector<std::string> kQuestions = {
    "user_id:user-42",
    "user_id:(user-42 or user-43) service:service-2",
    "user_id:nobody",
    "-user_id:user-42 user_id:user-4*",
    "level>=error \"timed OUT\"",
    "timed user_id:user-0",
    "\"\\\"hard\\\" grö\"",
    "ut",
    "\"Request 1234\"",
    "message:*timed*hard*",
    "(user_id:user-1 or timed) level:warn",
    "(user_id:user-1 or host:x)",
    "properties.order.id:13",
    "properties.order.id:13 level<warn",
};

std::vector<Query> questions() {
  std::vector<Query> all;
  for (const std::string& text : kQuestions) {
    for (const Order order : {Order::descending, Order::ascending}) {
      Query query;
      query::parse_text(text, kDay, query);
      query.order = order;
      query.limit = 10'000;
      all.push_back(query);
      query.since = kDay + std::chrono::hours(1);
      query.until = kDay + std::chrono::hours(30);
      all.push_back(query);
      query.offset = 3;
      query.limit = 5;
      all.push_back(query);
      query.sort = query::Field::user_id;
      all.push_back(query);
    }
  }
  return all;
}

struct Answer {
  Ids ids;
  std::uint64_t count = 0;
  bool operator==(const Answer&) const = default;
};

Ids walk(World& world, Query query) {
  Ids all;
  query.offset = 0;
  query.limit = 2;
  for (int pages = 0; pages < 10'000; ++pages) {
    const storage::Page page = world.logs().search(query);
    for (std::string& id : ids(page.batch)) all.push_back(std::move(id));
    if (!page.next) return all;
    query.after = page.next;
  }
  FAIL("paging does not end");
  return all;
}

std::vector<Answer> answers(World& world) {
  std::vector<Answer> all;
  for (const Query& query : questions()) {
    all.push_back({ids(world.logs().search(query).batch), world.logs().count(query)});
  }
  return all;
}

void check_same(World& world, const std::vector<Answer>& before) {
  const std::vector<Answer> after = answers(world);
  const std::vector<Query> asked = questions();
  REQUIRE(after.size() == before.size());
  std::size_t found = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    INFO("question " << i << ": " << query::format_text(asked[i]));
    CHECK(after[i].ids == before[i].ids);
    CHECK(after[i].count == before[i].count);
    found += after[i].ids.size();
  }
  CHECK(found > 100);  // else the questions ask for nothing
}

storage::IndexResult build(World& world) {
  storage::IndexStore& indexes = *world.backend.indexes;
  return storage::build_indexes(indexes,
                                storage::plan_indexes(indexes, kSettings, world.clock.now()));
}

std::map<std::string, IndexState> states(World& world, std::chrono::sys_days day = kIndexed) {
  std::map<std::string, IndexState> result;
  for (const DayIndex& index :
       storage::list_indexes(*world.backend.indexes, kSettings, world.clock.now())) {
    if (index.day == day) result[index.field] = index.state;
  }
  return result;
}

std::map<std::string, IndexState> all(IndexState state) {
  std::map<std::string, IndexState> result;
  for (const std::string& field : kSettings.fields) result[field] = state;
  return result;
}

}  // namespace

TEST_CASE("indexes: closed days get what is wanted, the day that is written gets none",
          "[storage]") {
  World world;
  fill(world, 100);
  CHECK(states(world) == all(IndexState::missing));
  const storage::IndexResult result = build(world);
  CHECK_FALSE(result.locked);
  CHECK(result.built == 2 * kSettings.fields.size());
  CHECK(states(world) == all(IndexState::valid));
  CHECK(states(world, kIndexed + std::chrono::days(2)).empty());
  for (const DayIndex& index : world.backend.indexes->indexes()) CHECK(index.bytes > 0);
  CHECK(build(world).built == 0);
}

TEST_CASE("indexes: a day waits for its late records before it is indexed", "[storage]") {
  World world;
  fill(world, 10);
  storage::IndexSettings patient = kSettings;
  patient.delay = std::chrono::hours(13);
  const auto plan = storage::plan_indexes(*world.backend.indexes, patient, world.clock.now());
  REQUIRE(plan.size() == 1);
  CHECK(plan.front().day == kIndexed);
}

TEST_CASE("indexes: every answer is the same with and without", "[storage]") {
  World world;
  fill(world, 1500);
  const std::vector<Answer> before = answers(world);
  REQUIRE(build(world).built > 0);
  check_same(world, before);
  Query paged;
  query::parse_text("user_id:user-42", kDay, paged);
  CHECK(walk(world, paged).size() == world.logs().count(paged));
  paged.order = Order::ascending;
  CHECK(walk(world, paged).size() == world.logs().count(paged));
  world.reopen();
  check_same(world, before);
}

TEST_CASE("indexes: late records are found, and known again", "[storage]") {
  World world;
  fill(world, 1500);
  REQUIRE(build(world).built > 0);
  Query query;
  query::parse_text("user_id:late \"a straggler\" properties.order.id:977", kDay, query);
  CHECK(world.logs().count(query) == 0);

  Rows late;
  LogRecord& record = late.add(kDay + seconds(100), "late-1");
  record.user_id = "late";
  record.message = "A Straggler comes in";
  record.properties = R"({"order":{"id":977}})";
  late.add(kDay + std::chrono::hours(2), "late-2").user_id = "user-42";
  CHECK(world.append(late) == Outcomes{Outcome::stored, Outcome::stored});
  CHECK(world.append(late) == Outcomes{Outcome::duplicate, Outcome::duplicate});
  CHECK(ids(world.logs().search(query).batch) == Ids{"late-1"});
  CHECK(world.logs().count(query) == 1);

  Query user;
  query::parse_text("user_id:user-42", kDay, user);
  user.limit = 10'000;
  const Ids found = ids(world.logs().search(user).batch);
  CHECK(std::count(found.begin(), found.end(), "late-2") == 1);
  CHECK(states(world) == all(IndexState::valid));
}

TEST_CASE("indexes: a day with many late records is brought up to date", "[storage]") {
  World world;
  fill(world, 300);
  REQUIRE(build(world).built > 0);
  Rows late;
  for (int i = 0; i < 2000; ++i) {
    LogRecord& record = late.add(kDay + std::chrono::hours(3) + milliseconds(i * 10),
                                 late.keep(fmt::format("late-{}", i)));
    record.user_id = late.keep(fmt::format("user-{}", i % 97));
    record.message = i % 300 == 0 ? "timed out late" : "late";
  }
  world.append(late);
  const std::vector<Answer> before = answers(world);
  build(world);
  for (const DayIndex& index : world.backend.indexes->indexes()) {
    CHECK(index.state == IndexState::valid);
    CHECK_FALSE(index.behind);
  }
  check_same(world, before);
  Query query;
  query::parse_text("\"timed out late\"", kDay, query);
  CHECK(world.logs().count(query) == 7);
}

TEST_CASE("indexes: what an interrupted pass leaves is finished by the next", "[storage]") {
  World world;
  fill(world, 1500);
  const std::vector<Answer> before = answers(world);
  {
    storage::Backend ending = world.another();
    ending.indexes->interrupt();
    const auto plan = storage::plan_indexes(*ending.indexes, kSettings, world.clock.now());
    CHECK(code_of([&] { storage::build_indexes(*ending.indexes, plan); }) ==
          ErrorCode::unavailable);
  }
  CHECK(states(world) == all(IndexState::missing));
  check_same(world, before);
  build(world);
  CHECK(states(world) == all(IndexState::valid));
  check_same(world, before);
}

TEST_CASE("indexes: one process at a time makes them", "[storage]") {
  World world;
  fill(world, 10);
  storage::Backend other = world.another();
  auto pass = other.indexes->try_pass();
  REQUIRE(pass);
  CHECK(build(world).locked);
  CHECK(states(world) == all(IndexState::missing));
  pass.reset();
  CHECK_FALSE(build(world).locked);
}

TEST_CASE("indexes: what was said goes before the configuration, about a day before about all",
          "[storage]") {
  World world;
  fill(world, 100);
  REQUIRE(build(world).built > 0);
  storage::IndexStore& indexes = *world.backend.indexes;
  indexes.choose({"level", std::nullopt, false});
  indexes.choose({"host", std::nullopt, true});
  indexes.choose({"host", kIndexed, false});
  build(world);
  const auto first = states(world);
  CHECK(first.count("level") == 0);
  CHECK(first.count("host") == 0);
  CHECK(first.at("service") == IndexState::valid);
  const auto second = states(world, kIndexed + std::chrono::days(1));
  CHECK(second.count("level") == 0);
  CHECK(second.at("host") == IndexState::valid);

  // About all days takes back what was said about one.
  world.another().indexes->choose({"host", std::nullopt, true});
  indexes.choose({"level", std::nullopt, true});
  build(world);
  CHECK(states(world).at("host") == IndexState::valid);
  CHECK(states(world).at("level") == IndexState::valid);
}

TEST_CASE("indexes: one that is dropped by hand is missing, and made again", "[storage]") {
  World world;
  fill(world, 100);
  REQUIRE(build(world).built > 0);
  const std::vector<Answer> before = answers(world);
  world.backend.indexes->try_pass()->drop(kIndexed, "user_id");
  CHECK(states(world).at("user_id") == IndexState::missing);
  check_same(world, before);
  CHECK(build(world).built == 1);
  CHECK(states(world) == all(IndexState::valid));
}
