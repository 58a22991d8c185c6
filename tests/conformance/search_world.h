// What the cases about searching share.
#pragma once

#include "tests/conformance/world.h"

#include <algorithm>
#include <string>
#include <utility>

namespace logctl::test {

using query::Order;
using query::Query;

inline const Timestamp kNoon = at("2026-03-10T12:00:00Z");

inline Query query_of(Order order = Order::descending, std::uint32_t limit = 1000) {
  Query query;
  query.order = order;
  query.limit = limit;
  return query;
}

// Walks all pages with the cursor.
inline Ids walk(World& world, Query query) {
  Ids all;
  for (int pages = 0; pages < 1000; ++pages) {
    const storage::Page page = world.logs().search(query);
    CHECK(page.batch.records.size() <= query.limit);
    for (std::string& id : ids(page.batch)) all.push_back(std::move(id));
    if (!page.next) return all;
    CHECK(page.batch.records.size() == query.limit);
    CHECK(page.next->timestamp == page.batch.records.back().timestamp);
    CHECK(page.next->event_id == page.batch.records.back().event_id);
    query.after = page.next;
  }
  FAIL("paging does not end");
  return all;
}

// Five times with four records each, over three days; the order of time is the order of names.
inline Ids store_with_ties(World& world) {
  Rows rows;
  Ids names;
  for (int time = 0; time < 5; ++time) {
    for (int tie = 0; tie < 4; ++tie) {
      names.push_back(std::to_string(time) + std::to_string(tie));
      rows.add(kNoon + std::chrono::hours(13 * time), names.back());
    }
  }
  rows.add(kNoon, "other tenant", "b");
  world.append(rows);
  return names;
}

inline Ids reversed(Ids names) {
  std::reverse(names.begin(), names.end());
  return names;
}

}  // namespace logctl::test
