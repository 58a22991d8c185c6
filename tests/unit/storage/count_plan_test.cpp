#include "shared/storage/count_plan.h"

#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <string>

using namespace logctl;

namespace {

std::chrono::sys_days day(std::string_view text) { return *parse_day(text); }

// The parts in words: `rows 10:00..10:01`.
std::string plan(std::string_view since, std::string_view until, storage::Grain grain) {
  query::Query query;
  if (!since.empty()) query.since = parse_rfc3339(since);
  if (!until.empty()) query.until = parse_rfc3339(until);
  std::string out;
  for (const storage::CountPiece& piece :
       storage::count_pieces(query, day("2026-01-15"), day("2026-01-16"), grain)) {
    out += piece.source == query::Source::rows ? "rows " : "rollups ";
    out += format_rfc3339(*piece.query.since) + ".." + format_rfc3339(*piece.query.until) + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("count plan: whole days come from the roll-ups", "[storage]") {
  CHECK(plan("", "", storage::Grain::minutes) ==
        "rollups 2026-01-15T00:00:00Z..2026-01-17T00:00:00Z\n");
  CHECK(plan("", "", storage::Grain::none) == "rows 2026-01-15T00:00:00Z..2026-01-17T00:00:00Z\n");
}

TEST_CASE("count plan: what is beside whole minutes comes from the rows", "[storage]") {
  CHECK(plan("2026-01-15T10:00:30Z", "2026-01-16T11:00:00.000001Z", storage::Grain::minutes) ==
        "rows 2026-01-15T10:00:30Z..2026-01-15T10:01:00Z\n"
        "rollups 2026-01-15T10:01:00Z..2026-01-16T11:00:00Z\n"
        "rows 2026-01-16T11:00:00Z..2026-01-16T11:00:00.000001Z\n");
  CHECK(plan("2026-01-15T10:00:00Z", "2026-01-15T10:01:00Z", storage::Grain::minutes) ==
        "rollups 2026-01-15T10:00:00Z..2026-01-15T10:01:00Z\n");
}

TEST_CASE("count plan: inside one minute there is nothing but rows", "[storage]") {
  CHECK(plan("2026-01-15T10:00:10Z", "2026-01-15T10:00:20Z", storage::Grain::minutes) ==
        "rows 2026-01-15T10:00:10Z..2026-01-15T10:00:20Z\n");
  CHECK(plan("2026-01-15T10:00:10Z", "2026-01-15T10:01:20Z", storage::Grain::minutes) ==
        "rows 2026-01-15T10:00:10Z..2026-01-15T10:01:20Z\n");
}

TEST_CASE("count plan: what lies outside of the days has no part", "[storage]") {
  CHECK(plan("2026-01-17T00:00:00Z", "", storage::Grain::minutes).empty());
  CHECK(plan("", "2026-01-15T00:00:00Z", storage::Grain::minutes).empty());
  CHECK(plan("2026-01-16T00:00:00Z", "2026-01-16T00:00:00Z", storage::Grain::minutes).empty());
}

TEST_CASE("count plan: of a coarse day, whole hours come from the roll-ups", "[storage]") {
  CHECK(plan("2026-01-15T10:20:00Z", "2026-01-16T11:40:00Z", storage::Grain::hours) ==
        "rows 2026-01-15T10:20:00Z..2026-01-15T11:00:00Z\n"
        "rollups 2026-01-15T11:00:00Z..2026-01-16T11:00:00Z\n"
        "rows 2026-01-16T11:00:00Z..2026-01-16T11:40:00Z\n");
  CHECK(plan("2026-01-15T10:20:00Z", "2026-01-15T11:40:00Z", storage::Grain::hours) ==
        "rows 2026-01-15T10:20:00Z..2026-01-15T11:40:00Z\n");
}

TEST_CASE("count plan: hours say nothing of shorter steps", "[storage]") {
  using storage::Grain;
  CHECK(storage::usable(Grain::hours, seconds(900)) == Grain::none);
  CHECK(storage::usable(Grain::hours, std::chrono::hours(6)) == Grain::hours);
  CHECK(storage::usable(Grain::hours, std::nullopt) == Grain::hours);
  CHECK(storage::usable(Grain::minutes, seconds(60)) == Grain::minutes);
}
