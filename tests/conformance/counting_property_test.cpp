// Roll-ups equal recounts, whatever happens in between: late records, duplicates, deletions,
// upkeep, writers side by side.
#include "tests/conformance/naive_count.h"

#include <fmt/format.h>

#include <exception>
#include <random>
#include <thread>

using namespace logctl;
using namespace logctl::test;
using query::Field;
using query::Filter;
using query::Op;

namespace {

const Timestamp kStart = at("2026-03-08T22:00:00Z");

using Random = std::mt19937_64;
std::size_t below(Random& random, std::size_t end) { return random() % end; }

// What comes in: how many different groups its batches fall into.
enum class Traffic {
  few,     // counted by the minute
  wide,    // many minutes, few groups in each hour: counted by the hour
  varied,  // names of their own: too many for both
};

// A repeated choice is a duplicate.
LogRecord& random_record(Random& random, Rows& rows, Traffic traffic) {
  const std::size_t n = below(random, traffic == Traffic::few ? 4000 : 20'000);
  // Three days, some minutes crowded, some times on the minute and the last microsecond before.
  const std::int64_t minutes =
      static_cast<std::int64_t>(traffic == Traffic::wide ? n * 7 % 4000 : n % 40 * 83);
  const std::int64_t micros[] = {0, 1, 59'999'999, static_cast<std::int64_t>(n % 4000) * 14'000};
  const Timestamp time = kStart + std::chrono::minutes(minutes) + microseconds(micros[n % 4]);
  const bool plain = traffic == Traffic::wide;
  const bool other = plain ? n % 50 == 0 : n % 11 == 0;
  LogRecord& record = rows.add(time, fmt::format("id-{}", n), other ? "other" : "default");
  constexpr std::string_view kServices[] = {"", "api", "web", "it's \"odd\"\\"};
  record.service = kServices[plain ? n % 2 : n % 4];
  constexpr Level kLevels[] = {Level::none, Level::info, Level::warn, Level::warning, Level::error};
  record.level = kLevels[plain ? 2 + n % 2 : n % 5];
  if (n % 3 != 0 && !plain) record.event_type = "telemetry";
  const std::size_t names = traffic == Traffic::varied ? 20'000 : 3;
  record.event_name = rows.keep(fmt::format("name-{}", plain ? 1 : n % names));
  record.user_id = rows.keep(fmt::format("u-{}", n % 7));
  return record;
}

std::vector<query::Grouping> questions() {
  std::vector<query::Grouping> all;
  const auto add = [&](std::optional<microseconds> step, std::vector<query::Subject> by,
                       std::vector<Filter> filters = {}) -> query::Grouping& {
    query::Grouping& question = all.emplace_back();
    question.step = step;
    question.by = std::move(by);
    question.query.filters = std::move(filters);
    return question;
  };
  add(std::nullopt, {});
  add(seconds(60), {{Field::level}});
  add(seconds(300), {{Field::service}, {Field::event_type}});
  add(std::chrono::hours(24), {{Field::event_name}}).query.tenant = "other";
  add(std::chrono::hours(6), {{Field::level}});
  add(std::chrono::hours(24), {{Field::level}, {Field::service}});
  add(std::chrono::hours(1), {}, {{Field::level, Op::at_least, "WARN", {}}});
  add(std::chrono::hours(1), {{Field::service}},
      {{{}, Op::none_of, "", {}, {{Field::service, Op::equal, "api", {}}}}});
  add(std::chrono::hours(1), {{Field::level}}, {{Field::event_name, Op::like, "name-1*", {}}});
  // Not known to roll-ups.
  add(std::chrono::hours(1), {{Field::user_id}});
  add(std::chrono::hours(1), {{Field::level}}, {{Field::user_id, Op::equal, "u-3", {}}});
  // Edges beside whole minutes, on them, and inside one.
  query::Grouping& edges = add(seconds(60), {{Field::level}});
  edges.query.since = at("2026-03-08T23:59:59.999999Z");
  edges.query.until = at("2026-03-10T01:00:00.000001Z");
  query::Grouping& minutes = add(std::chrono::hours(1), {});
  minutes.query.since = at("2026-03-09T00:00:00Z");
  minutes.query.until = at("2026-03-10T00:00:00Z");
  // More than half of the first and the last day, hour and minute, and less.
  query::Grouping& most = add(std::nullopt, {{Field::service}});
  most.query.since = at("2026-03-09T01:10:10Z");
  most.query.until = at("2026-03-10T22:50:50Z");
  query::Grouping& less = add(std::chrono::hours(24), {{Field::level}});
  less.query.since = at("2026-03-08T22:40:40Z");
  less.query.until = at("2026-03-10T03:20:20.5Z");
  query::Grouping& inside = add(std::nullopt, {{Field::service}});
  inside.query.since = at("2026-03-08T22:00:00.000001Z");
  inside.query.until = at("2026-03-08T22:00:59Z");
  return all;
}

Counts counts_of_values(const query::Values& values) {
  Counts counts;
  for (const query::Value& value : values.top) counts[{0, {value.text}}] = value.count;
  return counts;
}

Counts without_absent(Counts counts) {
  std::erase_if(counts, [](const auto& group) { return group.first.second.front() == "-"; });
  return counts;
}

void check_all(World& world, const std::string& when) {
  for (const query::Grouping& question : questions()) {
    const Counts expected = naive_counts(world.logs(), question);
    const Counts found = counts_of(world.backend.counts->groups(question));
    INFO(when);
    INFO(difference(found, expected));
    CHECK(found == expected);
    if (question.by.empty() && !question.step) {
      std::uint64_t sum = 0;
      for (const auto& [key, count] : expected) sum += count;
      CHECK(world.logs().count(question.query) == sum);
    }
    if (question.by.size() == 1 && !question.step) {
      const query::ValuesQuestion values{question.query, question.by.front(), "", 100};
      CHECK(counts_of_values(world.backend.counts->values(values)) == without_absent(expected));
    }
  }
}

// What the sums of whole days say, which upkeep keeps, is made wrong by so much.
void tamper(World& world, int by) {
  world.store.execute(fmt::format("UPDATE rollup_sums SET n = n + {}", by));
}

}  // namespace

TEST_CASE("counting: roll-ups equal recounts", "[counting]") {
  for (const Traffic traffic : {Traffic::few, Traffic::wide, Traffic::varied}) {
    World world;
    const auto seed = static_cast<std::uint64_t>(traffic) + 1;
    Random random(seed);
    for (int round = 0; round < 4; ++round) {
      for (int batch = 0; batch < 3; ++batch) {
        Rows rows;
        const bool large = batch == 1 && traffic != Traffic::few;
        const std::size_t size = large ? 1300 : below(random, 3) == 0 ? 1 : 120;
        for (std::size_t i = 0; i < size; ++i) random_record(random, rows, traffic);
        world.append(rows);
      }
      const std::string when = fmt::format("traffic {}, round {}", seed, round);
      check_all(world, when + ", stored");
      if (round % 2 == 1) {
        world.store.execute(
            fmt::format("DELETE FROM logs WHERE event_id LIKE '%{}'", below(random, 10)));
        check_all(world, when + ", some deleted");
      }
      if (below(random, 2) == 0) world.clock.advance(seconds(600));
      world.logs().maintain(world.clock.now());
      check_all(world, when + ", after upkeep");
    }
  }
}

TEST_CASE("counting: days whose minutes are hardly fewer than their records", "[counting]") {
  World world;
  Random random(9);
  for (int round = 0; round < 6; ++round) {
    for (int batch = 0; batch < 2; ++batch) {
      Rows rows;
      for (int i = 0; i < 700; ++i) random_record(random, rows, Traffic::wide);
      world.append(rows);
    }
    if (round % 2 == 0) {
      world.store.execute(fmt::format("DELETE FROM logs WHERE event_id LIKE '%{}'", round));
    }
    world.logs().maintain(world.clock.now());
    check_all(world, fmt::format("round {}", round));
    if (round == 3) world.clock.advance(seconds(600));
  }
}

TEST_CASE("counting: closed days are answered from their sums, which follow", "[counting]") {
  World world;
  Random random(4);
  const auto store_some = [&](int count) {
    Rows rows;
    for (int i = 0; i < count; ++i) random_record(random, rows, Traffic::few);
    world.append(rows);
  };
  query::Grouping whole;  // of a day that is over
  whole.query.since = at("2026-03-09T00:00:00Z");
  whole.query.until = at("2026-03-10T00:00:00Z");
  whole.by = {{Field::level}};
  query::Grouping by_day = whole;
  by_day.step = std::chrono::hours(24);
  query::Grouping by_hour = whole;
  by_hour.step = std::chrono::hours(1);
  const auto are_used = [&] {
    tamper(world, 1000);
    for (const query::Grouping& question : {whole, by_day}) {
      CHECK(counts_of(world.backend.counts->groups(question)) !=
            naive_counts(world.logs(), question));
    }
    CHECK(counts_of(world.backend.counts->groups(by_hour)) == naive_counts(world.logs(), by_hour));
    tamper(world, -1000);
  };
  store_some(300);
  for (int round = 0; round < 4; ++round) {
    world.logs().maintain(world.clock.now());
    check_all(world, fmt::format("round {}, after upkeep", round));
    are_used();
    store_some(round == 2 ? 1 : 100);
    check_all(world, fmt::format("round {}, late records", round));
    if (round % 2 == 1) world.logs().maintain(world.clock.now());
    world.store.execute(fmt::format("DELETE FROM logs WHERE event_id LIKE '%{}'", round));
    check_all(world, fmt::format("round {}, some deleted", round));
  }
}

TEST_CASE("counting: writers and upkeep side by side lose no count", "[counting]") {
  World world;
  std::vector<storage::Backend> backends;
  for (int i = 0; i < 3; ++i) backends.push_back(world.another());
  std::vector<std::exception_ptr> failures(backends.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < backends.size(); ++i) {
    threads.emplace_back([&, i] {
      try {
        Random random(i);
        for (int batch = 0; batch < 15; ++batch) {
          Rows rows;
          // One writer's batches have too many groups: it makes days coarse or stale again and
          // again.
          const Traffic traffic = i != 1           ? Traffic::few
                                  : batch % 2 == 0 ? Traffic::wide
                                                   : Traffic::varied;
          const int size = i == 1 && batch % 5 == 0 ? 1300 : 60;
          for (int n = 0; n < size; ++n) random_record(random, rows, traffic);
          const auto result = backends[i].logs->append(rows.pointers(), {"test"});
          if (!result.failure.empty()) throw std::runtime_error(result.failure);
          if (i == 2) {
            world.clock.advance(seconds(200));
            backends[i].logs->maintain(world.clock.now());
          }
        }
      } catch (...) {
        failures[i] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  check_all(world, "after the writers");
  world.clock.advance(seconds(600));
  world.logs().maintain(world.clock.now());
  check_all(world, "after upkeep");
}
