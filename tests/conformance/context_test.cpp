// What stands around a record.
#include "shared/storage/context.h"

#include "tests/conformance/world.h"

#include <string>

using namespace logctl;
using namespace logctl::test;

namespace {

const Timestamp kNoon = at("2026-03-10T12:00:00Z");

std::string around(World& world, const query::View& view, const storage::ContextRequest& request) {
  const auto context = storage::find_context(world.logs(), view, request);
  if (!context) return "nothing";
  std::string names;
  for (const LogRecord* record : storage::in_order(*context)) {
    names += std::string(names.empty() ? "" : " ") + std::string(record->event_id);
  }
  return names;
}

// a to h, thirteen hours apart, two of them at each time; every third without a host.
void store_ladder(World& world) {
  Rows rows;
  for (int i = 0; i < 8; ++i) {
    LogRecord& record = rows.add(kNoon + std::chrono::hours(13 * (i / 2)),
                                 std::string(1, static_cast<char>('a' + i)));
    if (i % 3 != 2) record.host = i % 2 == 0 ? "even" : "odd";
    record.service = "api";
  }
  rows.add(kNoon, "other", "b");
  world.append(rows);
}

}  // namespace

TEST_CASE("context: what stands around a record, in the order of time", "[context]") {
  World world;
  store_ladder(world);
  const RecordKey d{kNoon + std::chrono::hours(13), "d"};
  struct Case {
    storage::ContextRequest request;
    std::string expected;
  };
  using query::Field;
  const Case cases[] = {
      {{d, 10, 10, {}}, "a b c d e f g h"},
      {{d, 2, 1, {}}, "b c d e"},
      {{d, 0, 0, {}}, "d"},
      {{d, 0, 2, {}}, "d e f"},
      {{d, 10, 10, {Field::host}}, "b d h"},
      {{d, 10, 10, {Field::service}}, "a b c d e f g h"},
      {{d, 10, 10, {Field::service, Field::host}}, "b d h"},
      // Without a host stands among those without one.
      {{{kNoon + std::chrono::hours(13), "c"}, 10, 10, {Field::host}}, "c f"},
      {{{kNoon, "d"}, 10, 10, {}}, "nothing"},
      {{{kNoon, "other"}, 10, 10, {}}, "nothing"},
  };
  for (const Case& c : cases) {
    INFO(c.expected);
    CHECK(around(world, "default", c.request) == c.expected);
  }
}

TEST_CASE("context: nothing outside of the view", "[context]") {
  World world;
  store_ladder(world);
  query::Filter even;
  even.field = query::Field::host;
  even.value = "even";
  const query::View view("default", {even});
  CHECK(around(world, view, {{kNoon, "a"}, 10, 10, {}}) == "a e g");
  CHECK(around(world, view, {{kNoon, "b"}, 10, 10, {}}) == "nothing");
}
