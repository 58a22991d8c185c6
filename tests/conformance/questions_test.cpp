// Whatever is asked, a store gives the rows that an obviously right evaluation gives, in its order.
// Every store passes the same list, so all of them give the same.
#include "shared/query/match.h"
#include "shared/query/order.h"
#include "tests/conformance/question_worlds.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace logctl;
using namespace logctl::test;
using query::Field;
using query::Filter;
using query::Query;

namespace {

constexpr std::size_t kRecords = 250;

// More of them on demand: LOGCTL_TEST_QUESTIONS=20000 LOGCTL_TEST_SEED=7.
std::uint32_t from_environment(const char* name, std::uint32_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

// What a store holds of these rows: of equal identities the first.
std::vector<const LogRecord*> stored(const Rows& rows) {
  std::map<std::tuple<Timestamp, std::string_view, std::string_view>, const LogRecord*> first;
  for (const LogRecord* record : rows.pointers()) {
    first.try_emplace({record->timestamp, record->event_id, record->tenant}, record);
  }
  std::vector<const LogRecord*> result;
  for (const auto& [key, record] : first) result.push_back(record);
  return result;
}

std::string name_of(const LogRecord& record) {
  return format_rfc3339(record.timestamp) + " " + std::string(record.event_id);
}

std::vector<std::string> names_of(const Batch& batch) {
  std::vector<std::string> names;
  for (const LogRecord& record : batch.records) names.push_back(name_of(record));
  return names;
}

// All rows that match, in order; neither limit nor offset.
std::vector<std::string> expected(const std::vector<const LogRecord*>& records,
                                  const Query& query) {
  const query::Matcher matcher(query);
  std::vector<const LogRecord*> found;
  for (const LogRecord* record : records) {
    if (matcher.matches(*record)) found.push_back(record);
  }
  std::sort(found.begin(), found.end(), [&](const LogRecord* a, const LogRecord* b) {
    return query::comes_before(*a, *b, query.sort, query.order);
  });
  std::vector<std::string> names;
  for (const LogRecord* record : found) names.push_back(name_of(*record));
  return names;
}

std::vector<std::string> cut(std::vector<std::string> names, const Query& query) {
  const auto begin = std::min<std::uint64_t>(query.offset, names.size());
  const auto end = std::min<std::uint64_t>(begin + query.limit, names.size());
  return {names.begin() + static_cast<std::ptrdiff_t>(begin),
          names.begin() + static_cast<std::ptrdiff_t>(end)};
}

std::vector<std::string> walked(storage::LogStore& logs, Query query, std::size_t rows) {
  query.offset = 0;
  query.limit = 17;
  std::vector<std::string> names;
  while (true) {
    const storage::Page page = logs.search(query);
    for (std::string& name : names_of(page.batch)) names.push_back(std::move(name));
    if (!page.next || names.size() > rows) return names;
    query.after = page.next;
  }
}

// Nothing when the store's answers are as they should be, else what is wrong.
std::string difference(storage::LogStore& logs, const std::vector<const LogRecord*>& records,
                       const Query& query) {
  const auto list = [](const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += "\n    " + name;
    return out;
  };
  const auto compare = [&](std::string_view what, const std::vector<std::string>& should,
                           const std::vector<std::string>& is) {
    if (should == is) return std::string();
    return std::string(what) + ": expected" + list(should) + "\n  found" + list(is);
  };
  const std::vector<std::string> all = expected(records, query);
  try {
    std::string found = compare("one page", cut(all, query), names_of(logs.search(query).batch));
    if (found.empty() && query.sort == Field::timestamp) {
      found = compare("pages by cursor", all, walked(logs, query, all.size()));
    }
    if (!found.empty()) return found;
    const std::uint64_t count = logs.count(query);
    if (count == all.size()) return {};
    return "count: expected " + std::to_string(all.size()) + ", found " + std::to_string(count);
  } catch (const Error& error) {
    return "error: " + error.message();
  }
}

// Leaves out of the question whatever the difference does not need.
Query shrunk(Query query, const std::function<bool(const Query&)>& differs) {
  const auto keep_if = [&](const std::function<void(Query&)>& change) {
    Query smaller = query;
    change(smaller);
    if (!differs(smaller)) return false;
    query = std::move(smaller);
    return true;
  };
  keep_if([](Query& q) { q.since.reset(); });
  keep_if([](Query& q) { q.until.reset(); });
  keep_if([](Query& q) { q.offset = 0; });
  keep_if([](Query& q) { q.limit = 1000; });
  keep_if([](Query& q) { q.sort = Field::timestamp; });
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = 0; i < query.filters.size() && !smaller; ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      smaller = keep_if([at](Query& q) { q.filters.erase(q.filters.begin() + at); });
      // A part in the place of the whole, or one part less.
      for (std::size_t part = 0; !smaller && part < query.filters[i].parts.size(); ++part) {
        const auto part_at = static_cast<std::ptrdiff_t>(part);
        smaller = keep_if([i, part](Query& q) {
                    const Filter inner = q.filters[i].parts[part];
                    q.filters[i] = inner;
                  }) ||
                  keep_if([i, part_at](Query& q) {
                    q.filters[i].parts.erase(q.filters[i].parts.begin() + part_at);
                  });
      }
    }
  }
  return query;
}

}  // namespace

TEST_CASE("questions: a store answers as an obviously right evaluation does", "[questions]") {
  const std::uint32_t questions = from_environment("LOGCTL_TEST_QUESTIONS", 400);
  const std::uint32_t first_seed = from_environment("LOGCTL_TEST_SEED", 1);
  for (const std::uint32_t seed : {first_seed, first_seed + 1}) {
    Dice dice(seed);
    World world;
    Rows rows;
    for (std::size_t i = 0; i < kRecords; ++i) add_random_record(dice, rows);
    world.append(rows);
    const std::vector<const LogRecord*> records = stored(rows);
    std::uint32_t found_something = 0;
    for (std::uint32_t number = 0; number < questions; ++number) {
      const Query query = random_question(dice);
      if (!expected(records, query).empty()) ++found_something;
      if (difference(world.logs(), records, query).empty()) continue;
      const Query smallest = shrunk(query, [&](const Query& smaller) {
        return !difference(world.logs(), records, smaller).empty();
      });
      UNSCOPED_INFO("seed " << seed << ", question " << number << ": " << describe(smallest)
                            << "\n  " << difference(world.logs(), records, smallest));
      for (const LogRecord* record : records) {
        if (difference(world.logs(), records, smallest).find(name_of(*record)) !=
            std::string::npos) {
          UNSCOPED_INFO(describe(*record));
        }
      }
      FAIL("an answer is not as it should be");
    }
    // Questions that find nothing prove little.
    CHECK(found_something > questions / 3);
  }
}
