// What retention and deletion promise on every store.
#include "shared/base/time_text.h"
#include "shared/ingest/accounting.h"
#include "shared/maintenance/deletion.h"
#include "shared/maintenance/retention_plan.h"
#include "shared/maintenance/runner.h"
#include "tests/conformance/world.h"
#include "tests/support/eventually.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <unistd.h>

using namespace logctl;
using namespace logctl::test;
using Catch::Matchers::Contains;
using std::chrono::days;
using std::chrono::hours;

namespace {

constexpr int kDays = 12;

struct LifeWorld : World {
  void rule(std::string_view tenant, std::string_view match, microseconds age) {
    backend.retention->set(maintenance::make_rule(tenant, match, age, clock.now()));
  }
  maintenance::TaskResult apply(bool confirmed) {
    maintenance::TaskInput input{backend, config};
    input.now = clock.now();
    input.confirmed = confirmed;
    return maintenance::apply_retention(input);
  }
  std::set<std::string> stored(const std::string& tenant) {
    query::Query query;
    query.tenant = tenant;
    query.limit = 100000;
    const storage::Page page = logs().search(query);
    const Ids found = ids(page.batch);
    return {found.begin(), found.end()};
  }
  // rows = stored - deleted, for each tenant.
  void books_close() {
    const storage::Audit audit = logs().audit({});
    for (const auto& [tenant, sums] : ingest::account(audit.accounts, {})) {
      INFO("tenant " << tenant);
      const auto rows = audit.rows.find(tenant);
      CHECK(sums.difference() == 0);
      CHECK((rows == audit.rows.end() ? 0 : rows->second) + sums.deleted_total() == sums.stored);
    }
  }
  std::uint64_t deleted(const std::string& how) {
    const auto books = ingest::account(logs().accounts(), {});
    return ingest::total(books).deleted[how];
  }
  // A record each hour of the last `count` days, in turn of two levels.
  void hourly(int count, std::string_view tenant = "default") {
    Rows rows;
    for (int hour = 0; hour < count * 24; ++hour) {
      LogRecord& record =
          rows.add(clock.now() - hours(hour), fmt::format("{}-{}", tenant, hour), tenant);
      record.level = hour % 2 == 0 ? Level::debug : Level::error;
    }
    append(rows);
  }
};

}  // namespace

TEST_CASE("retention removes exactly what the rules say", "[retention]") {
  LifeWorld world;
  std::mt19937 random(20260310);
  const auto pick = [&random](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  const std::array services = {"api", "shop", ""};
  const std::array levels = {Level::debug, Level::info, Level::error, Level::none};
  const std::array tenants = {"default", "other", "third"};
  world.rule("", "level:debug", days(3));
  world.rule("", "service:api level>=error", days(9));
  world.rule("other", "level:debug", days(1));  // in place of the one for all
  world.rule("", "", days(6));
  world.rule("third", "", days(2));

  Rows rows;
  std::map<std::string, std::set<std::string>> expected;
  std::map<std::chrono::sys_days, bool> day_has_rows;
  for (int i = 0; i < 900; ++i) {
    const std::string tenant = tenants[static_cast<std::size_t>(pick(3))];
    const microseconds age = hours(24 * pick(kDays)) + seconds(1 + pick(86'000));
    LogRecord& record = rows.add(world.clock.now() - age, fmt::format("r{}", i), tenant);
    record.service = services[static_cast<std::size_t>(pick(3))];
    record.level = levels[static_cast<std::size_t>(pick(4))];
    const bool debug = record.level == Level::debug;
    const bool api_error = record.service == "api" && record.level == Level::error;
    microseconds allowed = tenant == "third" ? days(2) : days(6);
    if (debug || api_error) allowed = microseconds(0);
    if (debug) allowed = std::max<microseconds>(allowed, tenant == "other" ? days(1) : days(3));
    if (api_error) allowed = std::max<microseconds>(allowed, days(9));
    const bool kept = age <= allowed;
    if (kept) expected[tenant].insert(fmt::format("r{}", i));
    day_has_rows[day_of(record.timestamp)] |= kept;
  }
  world.append(rows);
  std::uint64_t survivors = 0;
  for (const auto& [tenant, ids] : expected) survivors += ids.size();

  const maintenance::TaskResult result = world.apply(true);
  INFO(result.done);
  CHECK(result.problem.empty());
  for (const char* tenant : tenants) {
    INFO("tenant " << tenant);
    CHECK(world.stored(tenant) == expected[tenant]);
  }
  CHECK(world.deleted("retention") == 900 - survivors);
  world.books_close();
  // Days with nothing left are gone, the others are there.
  const std::vector<storage::Day> there = world.backend.days->days();
  for (const auto& [day, has_rows] : day_has_rows) {
    INFO(format_day(day));
    if (day < day_of(world.clock.now())) {
      CHECK((std::find(there.begin(), there.end(), day) != there.end()) == has_rows);
    }
  }
  // Nothing is left to do, and what it passed over is closed: on PostgreSQL once the server has
  // told of the last change.
  const auto all_closed = [&] {
    CHECK_THAT(world.apply(false).done, Contains("0 records deleted, 0 days dropped"));
    return std::all_of(there.begin(), there.end(), [&](storage::Day day) {
      const storage::DayInfo::State state =
          world.backend.days->describe(day, world.clock.now()).state;
      return state == (day < day_of(world.clock.now()) ? storage::DayInfo::State::closed
                                                       : storage::DayInfo::State::open);
    });
  };
  CHECK(eventually(all_closed));
}

TEST_CASE("rules that together take more than half wait for a person", "[retention]") {
  LifeWorld world;
  world.hourly(4);
  world.rule("", "level:debug", hours(24));
  world.rule("", "", hours(12));
  // 35 of 96 are debug and older than a day, 42 are others and older than half a day.
  const std::string problem = world.apply(false).problem;
  CHECK_THAT(problem,
             Contains("`level:debug` of all tenants, 1d: would remove 35 records, by itself "
                      "or with other rules more than half"));
  CHECK_THAT(problem, Contains("the default of all tenants, 12h: would remove 42 records"));
  CHECK(world.stored("default").size() == 96);
  CHECK(world.apply(true).problem.empty());
  CHECK(world.stored("default").size() == 96 - 35 - 42);
  world.books_close();
}

TEST_CASE("a tenant that sends nothing any more keeps no rule from the others", "[retention]") {
  LifeWorld world;
  Rows rows;
  for (int i = 0; i < 10; ++i) {
    rows.add(world.clock.now() - days(9), fmt::format("last{}", i), "dormant");
    rows.add(world.clock.now() - days(9), fmt::format("old{}", i), "busy");
    for (int hour = 1; hour <= 3; ++hour) {
      rows.add(world.clock.now() - hours(hour), fmt::format("new{}-{}", i, hour), "busy");
    }
  }
  world.append(rows);
  world.rule("", "", days(7));
  CHECK(world.apply(false).problem.empty());
  CHECK(world.stored("dormant").empty());
  CHECK(world.stored("busy").size() == 30);
  world.books_close();
}

TEST_CASE("rules that take too much of one tenant go on for the others", "[retention]") {
  LifeWorld world;
  Rows rows;
  for (int i = 0; i < 10; ++i) {
    for (const char* tenant : {"small", "large"}) {
      rows.add(world.clock.now() - days(9), fmt::format("debug{}", i), tenant).level = Level::debug;
      rows.add(world.clock.now() - days(9), fmt::format("info{}", i), tenant).level = Level::info;
    }
    for (int hour = 1; hour <= 5; ++hour) {
      rows.add(world.clock.now() - hours(hour), fmt::format("new{}-{}", i, hour), "large");
    }
  }
  rows.add(world.clock.now() - hours(1), "new", "small");
  // Weighs more than all of `large`, and waits for a person anyway.
  for (int i = 0; i < 200; ++i) {
    rows.add(world.clock.now() - days(9), fmt::format("i{}", i), "dormant").level = Level::info;
    rows.add(world.clock.now() - days(9), fmt::format("d{}", i), "dormant").level = Level::debug;
  }
  world.append(rows);
  world.rule("", "level:debug", days(3));
  world.rule("", "", days(7));
  CHECK_THAT(world.apply(false).problem,
             Contains("`level:debug` of all tenants, 3d: would remove 210 records, ") &&
                 Contains("the default of all tenants, 7d: would remove 210 records, "));
  CHECK(world.stored("small").size() == 21);
  CHECK(world.stored("dormant").size() == 400);
  CHECK(world.stored("large").size() == 50);
  CHECK(world.apply(true).problem.empty());
  CHECK(world.stored("small").size() == 1);
  world.books_close();
}

TEST_CASE("a rule that takes more than half waits for a person", "[retention]") {
  LifeWorld less;
  less.hourly(4);
  less.rule("", "level:debug", hours(24));
  CHECK(less.apply(false).problem.empty());
  CHECK(less.stored("default").size() == 96 - 35);
  LifeWorld strict;
  strict.hourly(4);
  strict.rule("", "", hours(24));
  const maintenance::TaskResult refused = strict.apply(false);
  CHECK_THAT(refused.problem,
             Contains("the default of all tenants, 1d: would remove 71 records, ") &&
                 Contains("more than half") && Contains("logctl retention apply --confirm"));
  CHECK(strict.stored("default").size() == 96);
  CHECK(strict.apply(true).problem.empty());
  CHECK(strict.stored("default").size() == 25);
  strict.books_close();
}

TEST_CASE("retention does not believe a clock that is far from the data", "[retention]") {
  LifeWorld world;
  world.hourly(10);
  world.rule("", "", days(8));
  world.clock.advance(days(60));
  try {
    world.apply(false);
    FAIL("it was believed");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::conflict);
    CHECK_THAT(error.message(),
               Contains("the newest record is of 2026-03-10") && Contains("nothing was removed"));
  }
  world.clock.advance(-days(62));
  CHECK(code_of([&] { world.apply(false); }) == ErrorCode::conflict);
  CHECK(world.stored("default").size() == 240);
  world.clock.advance(days(2));
  CHECK(world.apply(false).problem.empty());
  CHECK(world.stored("default").size() == 193);
}

TEST_CASE("a rule that cannot be meant is refused", "[retention]") {
  const Timestamp now = at("2026-03-10T12:00:00Z");
  const auto refused = [now](std::string_view match, microseconds age) {
    return code_of([&] { maintenance::make_rule("", match, age, now); });
  };
  CHECK(refused("level:debug", microseconds(0)) == ErrorCode::validation_error);
  CHECK(refused("", seconds(1)) == ErrorCode::validation_error);
  CHECK(refused("level:debug since:2h", days(3)) == ErrorCode::validation_error);
  CHECK(refused("level:(", days(3)) == ErrorCode::validation_error);
}

TEST_CASE("a deletion by query takes what was planned and leaves its trace", "[retention]") {
  LifeWorld world;
  world.hourly(3);
  world.hourly(3, "other");
  auto& backend = world.backend;
  const auto plan = [&](std::string_view text) {
    return maintenance::plan_deletion(backend, "default", text, world.clock.now());
  };
  CHECK(code_of([&] { plan(""); }) == ErrorCode::validation_error);
  const maintenance::DeletionPlan planned = plan("level:debug until:24h");
  CHECK(planned.rows == 23);
  const auto agreed = maintenance::parse_agreement(planned.token());
  world.clock.advance(hours(1));
  const maintenance::DeletionPlan again =
      maintenance::plan_deletion(backend, "default", "level:debug until:24h", *agreed.made_at);
  maintenance::require_agreed(again, agreed);
  CHECK(code_of([&] { maintenance::require_agreed(plan("level:error until:24h"), agreed); }) ==
        ErrorCode::conflict);
  CHECK(code_of([&] { maintenance::require_agreed(again, maintenance::parse_agreement("22")); }) ==
        ErrorCode::conflict);
  CHECK(code_of([] { maintenance::parse_agreement("yes"); }) == ErrorCode::usage);

  const storage::Deletion done =
      maintenance::run_deletion(backend, again, "somebody", world.clock, [](std::string_view) {});
  CHECK(done.deleted == 23);
  CHECK(world.stored("default").size() == 72 - 23);
  CHECK(world.stored("other").size() == 72);
  CHECK(world.deleted("query") == 23);
  world.books_close();
  const auto list = backend.retention->deletions();
  REQUIRE(list.size() == 1);
  CHECK(list[0].ran_by == "somebody");
  CHECK(list[0].finished_at.has_value());
  CHECK_THAT(list[0].query, Contains("level:debug") && Contains("until:2026-03-09T12:00:00Z"));
  CHECK(code_of([&] {
          maintenance::resume_deletion(backend, list[0].id, world.clock, [](std::string_view) {});
        }) == ErrorCode::conflict);

  // One that was cut off after its audit row goes on.
  storage::Deletion cut = list[0];
  cut.id = "cut";
  cut.query = "level:error until:2026-03-08T12:00:00Z";
  cut.finished_at.reset();
  cut.planned = 12;
  cut.deleted = 0;
  backend.retention->save(cut);
  const storage::Deletion resumed =
      maintenance::resume_deletion(backend, "cut", world.clock, [](std::string_view) {});
  CHECK(resumed.deleted == 12);
  CHECK(world.stored("default").size() == 72 - 23 - 12);
  world.books_close();
}

TEST_CASE("a deleted record may come again", "[retention]") {
  LifeWorld world;
  CHECK(world.append_by_id(world.logs(), "a") == Outcome::stored);
  CHECK(world.append_by_id(world.logs(), "a") == Outcome::duplicate);
  const auto plan =
      maintenance::plan_deletion(world.backend, "default", "message:m since:1h", world.clock.now());
  CHECK(plan.rows == 1);
  maintenance::run_deletion(world.backend, plan, "x", world.clock, [](std::string_view) {});
  CHECK(world.append_by_id(world.logs(), "a") == Outcome::stored);
  world.books_close();
}

TEST_CASE("a day that is no longer as it was seen is not dropped", "[retention]") {
  LifeWorld world;
  world.hourly(3);
  const storage::Day first = world.backend.days->days().front();
  std::uint64_t seen = 0;
  const auto refused = world.backend.days->drop(first, [&](const storage::RowsByTenant& rows) {
    seen = rows.at("default");
    return false;
  });
  CHECK_FALSE(refused.has_value());
  CHECK(seen == world.backend.days->rows(first).at("default"));
  CHECK(world.stored("default").size() == 72);
  const auto dropped =
      world.backend.days->drop(first, [](const storage::RowsByTenant&) { return true; });
  CHECK(dropped == seen);
  CHECK(world.stored("default").size() == 72 - seen);
  world.books_close();
  // Another instance that has written to it, and this one, may write to it again.
  storage::Backend other = world.another();
  for (storage::LogStore* logs : {&world.logs(), other.logs.get()}) {
    Rows late;
    late.add(Timestamp(first) + hours(20), logs == &world.logs() ? "late" : "later");
    CHECK(World::append_to(*logs, late) == Outcomes{Outcome::stored});
  }
  CHECK(world.backend.days->rows(first).at("default") == 2);
  world.books_close();
}

TEST_CASE("maintenance is done by one instance, which is named", "[retention]") {
  LifeWorld world;
  storage::Backend other = world.another();
  {
    const auto held = world.backend.maintenance->lock();
    try {
      const auto second = other.maintenance->lock();
      FAIL("two have it");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::locked);
      CHECK_THAT(error.message(), Contains(fmt::format("process {} on ", ::getpid())));
    }
    CHECK(other.maintenance->lock_holder().has_value());
  }
  CHECK(other.maintenance->lock() != nullptr);

  maintenance::TaskInput input{world.backend, world.config};
  input.now = world.clock.now();
  CHECK(maintenance::run_if_due(input, world.clock).has_value());
  maintenance::TaskInput their_input{other, world.config};
  their_input.now = world.clock.now();
  CHECK_FALSE(maintenance::run_if_due(their_input, world.clock).has_value());
  const auto states = other.maintenance->tasks();
  REQUIRE(states.size() == maintenance::tasks().size());
  CHECK(states[0].succeeded_at == world.clock.now());
  world.clock.advance(hours(1));
  CHECK(maintenance::run_if_due(their_input, world.clock).has_value());
}
