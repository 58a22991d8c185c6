#include "shared/storage/postgres/paced_search.h"

#include "shared/base/cancellation.h"
#include "shared/storage/postgres/open.h"
#include "shared/storage/postgres/search_windows.h"
#include "tests/conformance/world.h"
#include "tests/support/eventually.h"
#include "tests/support/postgres.h"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using namespace logctl::test;
using query::Order;
using query::Query;
using storage::WriteLoad;
using storage::postgres::Pool;
using storage::postgres::Session;

namespace {

// Rows of some days, and a session on them.
struct Days {
  PostgresSchema schema;
  ManualClock clock{at("2026-03-10T12:00:00Z")};
  storage::Backend backend;
  std::unique_ptr<Pool> pool;

  explicit Days(int days) {
    config::StoreTarget target;
    target.kind = config::StoreKind::postgres;
    target.connection = {{"database.url", schema.url()}};
    backend = storage::postgres::open_postgres({}, target, clock, storage::Access::read_write);
    migrations::up(*backend.schema, std::nullopt, seconds(30), clock);
    Rows rows;
    for (int day = 0; day < days; ++day) {
      rows.add(clock.now() - std::chrono::days(day), "id-" + std::to_string(day));
    }
    World::append_to(*backend.logs, rows);
    Pool::Settings settings;
    settings.conninfo = schema.url();
    settings.wait = seconds(5);
    pool = std::make_unique<Pool>(settings);
  }

  // The parts that are asked for.
  std::vector<Query> parts(const WriteLoad& load, const Query& query) {
    std::vector<Query> asked;
    pool->snapshot("search", [&](Session& session) {
      asked.clear();
      const storage::postgres::AskPart ask = [&asked](const Query& part) {
        asked.push_back(part);
        return false;
      };
      CHECK_FALSE(search_paced(session, load, query, clock.now(), ask));
    });
    return asked;
  }
};

// Together the whole, without a gap and without an overlap.
void check_whole(const std::vector<Query>& parts, const Query& whole) {
  REQUIRE_FALSE(parts.empty());
  const bool descending = whole.order == Order::descending;
  const auto begin = [&](const Query& query) { return descending ? query.until : query.since; };
  const auto end = [&](const Query& query) { return descending ? query.since : query.until; };
  CHECK(begin(parts.front()) == begin(whole));
  CHECK(end(parts.back()) == end(whole));
  for (std::size_t i = 1; i < parts.size(); ++i) {
    CHECK(begin(parts[i]).has_value());
    CHECK(begin(parts[i]) == end(parts[i - 1]));
  }
}

}  // namespace

TEST_CASE("postgres paced search: the parts are the whole, however busy the writers are",
          "[postgres]") {
  Days days(40);
  const WriteLoad idle;
  WriteLoad busy;
  const WriteLoad::Writing writing(busy);
  REQUIRE(eventually([&busy] { return busy.saturated(); }));
  for (const Order order : {Order::descending, Order::ascending}) {
    for (const bool bounded : {false, true}) {
      Query query;
      query.order = order;
      if (bounded) {
        query.since = days.clock.now() - std::chrono::days(9) - seconds(1);
        query.until = days.clock.now() - std::chrono::days(2);
      }
      const std::vector<Query> at_ease = days.parts(idle, query);
      const std::vector<Query> under_load = days.parts(busy, query);
      check_whole(at_ease, query);
      check_whole(under_load, query);
      CHECK(under_load.size() >= at_ease.size());
    }
  }
}

TEST_CASE("postgres paced search: what lies beyond the first window is the rest of the whole",
          "[postgres]") {
  Days days(40);
  const WriteLoad idle;
  for (const Order order : {Order::descending, Order::ascending}) {
    Query query;
    query.order = order;
    query.since = days.clock.now() - std::chrono::days(30);
    const std::vector<Query> windows = storage::postgres::search_windows(query, days.clock.now());
    REQUIRE(windows.size() == 2);
    std::vector<Query> parts = {windows.front()};
    days.pool->snapshot("search", [&](Session& session) {
      const storage::postgres::AskPart ask = [&parts](const Query& part) {
        parts.push_back(part);
        return false;
      };
      CHECK_FALSE(search_beyond(session, idle, windows.back(), days.clock.now(), ask));
    });
    CHECK(parts.size() > 2);
    check_whole(parts, query);
  }
}

TEST_CASE("postgres paced search: helpers of the server are done without while writers are busy",
          "[postgres]") {
  Days days(1);
  const WriteLoad idle;
  WriteLoad busy;
  const WriteLoad::Writing writing(busy);
  REQUIRE(eventually([&busy] { return busy.saturated(); }));
  const auto helpers = [&](const WriteLoad& load) {
    std::string found;
    days.pool->snapshot("search", [&](Session& session) {
      give_way(session, load);
      found = session.run("SHOW max_parallel_workers_per_gather")[0][0].c_str();
    });
    return found;
  };
  const std::string usual = helpers(idle);
  CHECK(helpers(busy) == "0");
  CHECK(helpers(idle) == usual);
}

TEST_CASE("postgres paced search: nobody waits for one that rests", "[postgres]") {
  Days days(40);
  WriteLoad busy;
  const WriteLoad::Writing writing(busy);
  REQUIRE(eventually([&busy] { return busy.saturated(); }));
  const auto cancellation = std::make_shared<Cancellation>();
  const Cancellation::Scope scope(cancellation);
  const storage::postgres::AskPart ask = [&cancellation](const Query&) {
    std::this_thread::sleep_for(milliseconds(20));  // enough to rest from
    cancellation->cancel();
    return false;
  };
  CHECK(code_of([&] {
          days.pool->snapshot("search", [&](Session& session) {
            static_cast<void>(search_paced(session, busy, Query{}, days.clock.now(), ask));
          });
        }) == ErrorCode::timeout);
}
