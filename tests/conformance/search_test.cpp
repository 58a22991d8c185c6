// Pages of records: their order, their bounds, and how they go on.
#include "tests/conformance/search_world.h"

#include <optional>
#include <string>

using namespace logctl;
using namespace logctl::test;
using query::Field;
using query::Filter;
using query::Op;

TEST_CASE("search: an empty store gives an empty page", "[search]") {
  World world;
  const storage::Page page = world.logs().search(query_of());
  CHECK(page.batch.records.empty());
  CHECK_FALSE(page.next.has_value());
  CHECK(world.logs().count(query_of()) == 0);
  CHECK_FALSE(world.logs().find("default", {kNoon, "x"}).has_value());
  const storage::Statistics statistics = world.logs().statistics("default", kNoon);
  CHECK(statistics.total_logs == 0);
  CHECK(statistics.top_event_types.empty());
}

TEST_CASE("search: rows come in the order of time and id, both ways", "[search]") {
  World world;
  const Ids names = store_with_ties(world);
  CHECK(ids(world.logs().search(query_of(Order::ascending)).batch) == names);
  CHECK(ids(world.logs().search(query_of(Order::descending)).batch) == reversed(names));
  CHECK(world.logs().search(query_of(Order::ascending, 0)).batch.records.empty());
}

TEST_CASE("search: keyset pages have no gap and no repeat", "[search]") {
  World world;
  const Ids names = store_with_ties(world);
  for (const std::uint32_t limit : {1U, 3U, 4U, 7U, 19U, 20U, 21U}) {
    INFO("limit " << limit);
    CHECK(walk(world, query_of(Order::ascending, limit)) == names);
    CHECK(walk(world, query_of(Order::descending, limit)) == reversed(names));
  }
}

TEST_CASE("search: what arrives behind the cursor does not disturb paging", "[search]") {
  World world;
  const Ids names = store_with_ties(world);
  Query query = query_of(Order::descending, 6);
  storage::Page page = world.logs().search(query);
  Ids seen = ids(page.batch);
  Rows newer;
  newer.add(kNoon + std::chrono::hours(200), "newer");
  world.append(newer);
  while (page.next) {
    query.after = page.next;
    page = world.logs().search(query);
    for (std::string& id : ids(page.batch)) seen.push_back(std::move(id));
  }
  CHECK(seen == reversed(names));
}

TEST_CASE("search: offset pages fit together across days", "[search]") {
  World world;
  const Ids names = store_with_ties(world);
  for (const Order order : {Order::ascending, Order::descending}) {
    for (const std::uint32_t limit : {1U, 3U, 6U, 20U}) {
      INFO("limit " << limit);
      Ids seen;
      Query query = query_of(order, limit);
      for (; query.offset < names.size() + limit; query.offset += limit) {
        for (std::string& id : ids(world.logs().search(query).batch)) seen.push_back(id);
      }
      CHECK(seen == (order == Order::ascending ? names : reversed(names)));
    }
  }
}

TEST_CASE("search: since is inclusive, until is exclusive", "[search]") {
  World world;
  Rows rows;
  for (int i = 0; i < 5; ++i) rows.add(kNoon + std::chrono::hours(12 * i), std::to_string(i));
  world.append(rows);
  Query query = query_of(Order::ascending);
  query.since = rows[1].timestamp;
  query.until = rows[3].timestamp;
  CHECK(ids(world.logs().search(query).batch) == Ids{"1", "2"});
  CHECK(world.logs().count(query) == 2);
  query.until = *query.until + microseconds(1);
  CHECK(ids(world.logs().search(query).batch) == Ids{"1", "2", "3"});
  CHECK(world.logs().count(query) == 3);
  query.since = *query.since + microseconds(1);
  CHECK(world.logs().count(query) == 2);
  query.until = query.since;
  CHECK(world.logs().count(query) == 0);
  CHECK(world.logs().search(query).batch.records.empty());
}

TEST_CASE("search: a filter and keyset pages go together", "[search]") {
  World world;
  Rows rows;
  Ids expected;
  for (int i = 0; i < 300; ++i) {
    LogRecord& record = rows.add(kNoon + std::chrono::hours(i / 50), std::to_string(1000 + i));
    record.host = i % 3 == 0 ? "wanted" : "not";
    if (i % 3 == 0) expected.emplace_back(record.event_id);
  }
  world.append(rows);
  Query query = query_of(Order::ascending, 7);
  query.filters = {{Field::host, Op::equal, "wanted", {}}};
  CHECK(walk(world, query) == expected);
  CHECK(world.logs().count(query) == expected.size());
}

TEST_CASE("search: a cursor with another order than time is refused", "[search]") {
  World world;
  store_with_ties(world);
  Query query = query_of();
  query.sort = Field::host;
  query.after = query::Cursor{kNoon, "x"};
  CHECK(code_of([&] { world.logs().search(query); }) == ErrorCode::validation_error);
}

TEST_CASE("search: a page holds a bounded number of bytes", "[search]") {
  World world;
  Rows rows;
  const std::string large(3 * 1024 * 1024, 'x');
  const std::string_view text = rows.keep(large);
  Ids names;
  for (int i = 0; i < 24; ++i) {
    names.push_back(std::to_string(10 + i));
    rows.add(kNoon + std::chrono::hours(2 * i), names.back()).message = text;
  }
  world.append(rows);

  Query query = query_of(Order::ascending);
  Ids seen;
  for (int pages = 1; pages <= 3; ++pages) {
    INFO("page " << pages);
    const storage::Page page = world.logs().search(query);
    REQUIRE_FALSE(page.batch.records.empty());
    CHECK(page.batch.arena->allocated() <= 36U * 1024 * 1024);
    for (std::string& id : ids(page.batch)) seen.push_back(std::move(id));
    CHECK(page.next.has_value() == (pages < 3));
    query.after = page.next;
  }
  CHECK(seen == names);

  const auto fails = [&](const Query& asked) {
    try {
      world.logs().search(asked);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::validation_error);
      CHECK(error.message() == "the page of records is over 32 MiB");
      CHECK(error.hint() == "ask for a smaller page_size, or page by cursor");
      return true;
    }
    return false;
  };
  Query by_offset = query_of();
  by_offset.offset = 1;
  CHECK(fails(by_offset));
  by_offset.limit = 4;
  CHECK(ids(world.logs().search(by_offset).batch) == Ids{"32", "31", "30", "29"});
  Query by_column = query_of();
  by_column.sort = Field::event_id;
  CHECK(fails(by_column));
  by_column.limit = 2;
  CHECK(ids(world.logs().search(by_column).batch) == Ids{"33", "32"});
}

TEST_CASE("search: a large record among small ones comes whole", "[search]") {
  const std::string large(1024 * 1024, 'x');
  const std::string object = R"({"a": ")" + large + "\"}";
  for (const auto text : {&LogRecord::message, &LogRecord::properties, &LogRecord::device_info}) {
    World world;
    Rows rows;
    for (int i = 0; i < 5; ++i) rows.add(kNoon + seconds(i), std::to_string(i));
    LogRecord& heavy = rows.add(kNoon + seconds(5), "heavy");
    heavy.*text = rows.keep(text == &LogRecord::message ? large : object);
    rows.add(kNoon + seconds(6), "6").properties = "{}";
    world.append(rows);
    for (int again = 0; again < 2; ++again) {
      const storage::Page page = world.logs().search(query_of());
      REQUIRE(ids(page.batch) == Ids{"6", "heavy", "4", "3", "2", "1", "0"});
      CHECK(page.batch.records[1].*text == heavy.*text);
      CHECK(page.batch.records[0].properties == "{}");
    }
  }
}

TEST_CASE("search: another instance's records are seen at once", "[search]") {
  World world;
  CHECK(world.logs().count(query_of()) == 0);
  storage::Backend other = world.another();
  Rows rows;
  rows.add(kNoon, "a");
  World::append_to(*other.logs, rows);
  CHECK(ids(world.logs().search(query_of()).batch) == Ids{"a"});
}
