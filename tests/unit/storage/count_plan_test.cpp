#include "shared/storage/count_plan.h"

#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <map>
#include <string>

using namespace logctl;
using query::Source;
using storage::Grain;
using storage::Kept;

namespace {

constexpr Kept kMinutes{Grain::minutes, false};
constexpr Kept kHours{Grain::hours, false};
constexpr Kept kSummed{Grain::hours, true};

std::chrono::sys_days day(std::string_view text) { return *parse_day(text); }

std::vector<storage::CountPiece> pieces(std::string_view since, std::string_view until, Kept kept) {
  query::Query query;
  if (!since.empty()) query.since = parse_rfc3339(since);
  if (!until.empty()) query.until = parse_rfc3339(until);
  return storage::count_pieces(query, day("2026-01-15"), day("2026-01-18"), kept);
}

// The parts in words: `rows 10:00..10:01`, `less rows 10:00..10:01`.
std::string plan(std::string_view since, std::string_view until, Kept kept) {
  constexpr std::string_view kNames[] = {"rows ", "rollups ", "sums "};
  std::string out;
  for (const storage::CountPiece& piece : pieces(since, until, kept)) {
    if (piece.sign < 0) out += "less ";
    out += kNames[static_cast<std::size_t>(piece.source)];
    out += format_rfc3339(*piece.query.since) + ".." + format_rfc3339(*piece.query.until) + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("count plan: everything comes from the roll-ups", "[storage]") {
  CHECK(plan("", "", kMinutes) == "rollups 2026-01-15T00:00:00Z..2026-01-19T00:00:00Z\n");
  CHECK(plan("", "", Kept{}) == "rows 2026-01-15T00:00:00Z..2026-01-19T00:00:00Z\n");
}

TEST_CASE("count plan: what is beside whole minutes comes from the rows", "[storage]") {
  CHECK(plan("2026-01-15T10:00:30Z", "2026-01-16T11:00:00.000001Z", kMinutes) ==
        "rows 2026-01-15T10:00:30Z..2026-01-15T10:01:00Z\n"
        "rollups 2026-01-15T10:01:00Z..2026-01-16T11:00:00Z\n"
        "rows 2026-01-16T11:00:00Z..2026-01-16T11:00:00.000001Z\n");
  CHECK(plan("2026-01-15T10:00:00Z", "2026-01-15T10:01:00Z", kMinutes) ==
        "rollups 2026-01-15T10:00:00Z..2026-01-15T10:01:00Z\n");
}

TEST_CASE("count plan: the smaller part of a minute is read, and taken away", "[storage]") {
  CHECK(plan("2026-01-15T10:00:10Z", "2026-01-15T10:05:40Z", kMinutes) ==
        "less rows 2026-01-15T10:00:00Z..2026-01-15T10:00:10Z\n"
        "rollups 2026-01-15T10:00:00Z..2026-01-15T10:06:00Z\n"
        "less rows 2026-01-15T10:05:40Z..2026-01-15T10:06:00Z\n");
}

TEST_CASE("count plan: what is short comes from the rows where that reads fewer", "[storage]") {
  CHECK(plan("2026-01-15T10:00:10Z", "2026-01-15T10:00:20Z", kMinutes) ==
        "rows 2026-01-15T10:00:10Z..2026-01-15T10:00:20Z\n");
  CHECK(plan("2026-01-15T10:00:29Z", "2026-01-15T10:00:31Z", kMinutes) ==
        "rows 2026-01-15T10:00:29Z..2026-01-15T10:00:31Z\n");
  CHECK(plan("2026-01-15T10:00:59Z", "2026-01-15T10:01:20Z", kMinutes) ==
        "rows 2026-01-15T10:00:59Z..2026-01-15T10:01:20Z\n");
}

TEST_CASE("count plan: what lies outside of the days has no part", "[storage]") {
  CHECK(plan("2026-01-19T00:00:00Z", "", kSummed).empty());
  CHECK(plan("", "2026-01-15T00:00:00Z", kSummed).empty());
  CHECK(plan("2026-01-16T00:00:00Z", "2026-01-16T00:00:00Z", kSummed).empty());
  CHECK(plan("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", kSummed) ==
        "sums 2026-01-15T00:00:00Z..2026-01-19T00:00:00Z\n");
}

TEST_CASE("count plan: of a coarse day, whole hours come from the roll-ups", "[storage]") {
  CHECK(plan("2026-01-15T10:40:00Z", "2026-01-16T11:20:00Z", kHours) ==
        "rows 2026-01-15T10:40:00Z..2026-01-15T11:00:00Z\n"
        "rollups 2026-01-15T11:00:00Z..2026-01-16T11:00:00Z\n"
        "rows 2026-01-16T11:00:00Z..2026-01-16T11:20:00Z\n");
  CHECK(plan("2026-01-15T10:20:00Z", "2026-01-15T10:50:00Z", kHours) ==
        "rows 2026-01-15T10:20:00Z..2026-01-15T10:50:00Z\n");
}

TEST_CASE("count plan: whole days come from the sums", "[storage]") {
  CHECK(plan("2026-01-15T14:00:00Z", "2026-01-18T09:10:00Z", kSummed) ==
        "rollups 2026-01-15T14:00:00Z..2026-01-16T00:00:00Z\n"
        "sums 2026-01-16T00:00:00Z..2026-01-18T00:00:00Z\n"
        "rollups 2026-01-18T00:00:00Z..2026-01-18T09:00:00Z\n"
        "rows 2026-01-18T09:00:00Z..2026-01-18T09:10:00Z\n");
  CHECK(plan("2026-01-16T00:00:00Z", "2026-01-17T00:00:00Z", kSummed) ==
        "sums 2026-01-16T00:00:00Z..2026-01-17T00:00:00Z\n");
  CHECK(plan("2026-01-16T14:00:00Z", "2026-01-17T10:00:00Z", kSummed) ==
        "rollups 2026-01-16T14:00:00Z..2026-01-17T10:00:00Z\n");
}

TEST_CASE("count plan: the smaller part of a day is taken away from its sums", "[storage]") {
  CHECK(plan("2026-01-15T02:10:00Z", "2026-01-18T18:00:00Z", kSummed) ==
        "less rollups 2026-01-15T00:00:00Z..2026-01-15T02:00:00Z\n"
        "less rows 2026-01-15T02:00:00Z..2026-01-15T02:10:00Z\n"
        "sums 2026-01-15T00:00:00Z..2026-01-19T00:00:00Z\n"
        "less rollups 2026-01-18T18:00:00Z..2026-01-19T00:00:00Z\n");
}

// Whatever the edges, each microsecond is counted once inside and not at all outside.
TEST_CASE("count plan: the parts are the whole", "[storage]") {
  constexpr std::string_view kEdges[] = {
      "2026-01-14T10:00:00Z",        "2026-01-15T00:00:00Z", "2026-01-15T00:00:00.000001Z",
      "2026-01-15T10:29:59.999999Z", "2026-01-15T10:30:00Z", "2026-01-15T10:30:30Z",
      "2026-01-15T23:59:59.999999Z", "2026-01-16T00:00:01Z", "2026-01-17T12:00:00Z",
      "2026-01-17T12:00:31Z",        "2026-01-18T23:31:00Z", "2026-01-20T00:00:00Z"};
  for (const Kept kept : {Kept{}, kMinutes, kHours, kSummed, Kept{Grain::minutes, true}}) {
    for (const std::string_view since : kEdges) {
      for (const std::string_view until : kEdges) {
        std::map<Timestamp, std::int64_t> steps;  // how the count of a time changes there
        for (const storage::CountPiece& piece : pieces(since, until, kept)) {
          steps[*piece.query.since] += piece.sign;
          steps[*piece.query.until] -= piece.sign;
        }
        std::erase_if(steps, [](const auto& step) { return step.second == 0; });
        std::map<Timestamp, std::int64_t> expected;
        const Timestamp from = std::max(*parse_rfc3339(since), Timestamp(day("2026-01-15")));
        const Timestamp to = std::min(*parse_rfc3339(until), Timestamp(day("2026-01-19")));
        if (from < to) expected = {{from, 1}, {to, -1}};
        INFO(since << " " << until << "\n" << plan(since, until, kept));
        CHECK(steps == expected);
      }
    }
  }
}

TEST_CASE("count plan: hours say nothing of shorter steps", "[storage]") {
  const auto grain = [](Grain kept, const std::optional<microseconds>& step) {
    return storage::usable({kept, true}, step).grain;
  };
  CHECK(grain(Grain::hours, seconds(900)) == Grain::none);
  CHECK(grain(Grain::hours, std::chrono::hours(6)) == Grain::hours);
  CHECK(grain(Grain::hours, std::nullopt) == Grain::hours);
  CHECK(grain(Grain::minutes, seconds(60)) == Grain::minutes);
}

TEST_CASE("count plan: sums say nothing of steps that part a day", "[storage]") {
  const auto sums = [](Kept kept, const std::optional<microseconds>& step) {
    return storage::usable(kept, step).sums;
  };
  CHECK(sums(kSummed, std::nullopt));
  CHECK(sums(kSummed, std::chrono::hours(24)));
  CHECK(sums(kSummed, std::chrono::hours(48)));
  CHECK_FALSE(sums(kSummed, std::chrono::hours(12)));
  CHECK_FALSE(sums(kSummed, std::chrono::hours(36)));
  CHECK_FALSE(sums(kHours, std::nullopt));
  CHECK_FALSE(sums({Grain::none, true}, std::nullopt));
}

TEST_CASE("count plan: a question within one step", "[storage]") {
  query::Query query;
  query.since = parse_rfc3339("2026-01-15T10:00:00Z");
  CHECK_FALSE(storage::only_bucket(query, seconds(3600)));
  query.until = parse_rfc3339("2026-01-15T11:00:00Z");
  CHECK(storage::only_bucket(query, seconds(3600)) == to_micros(*query.since));
  query.until = parse_rfc3339("2026-01-15T11:00:00.000001Z");
  CHECK_FALSE(storage::only_bucket(query, seconds(3600)));
  CHECK(storage::bucket_of(-1, seconds(60)) == -60'000'000);
}
