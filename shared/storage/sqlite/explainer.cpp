#include "shared/storage/sqlite/explainer.h"

#include "shared/base/time_text.h"
#include "shared/storage/sqlite/index_search.h"
#include "shared/storage/sqlite/question_days.h"
#include "shared/storage/sqlite/readers.h"
#include "shared/storage/sqlite/rows.h"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::storage::sqlite {
namespace {

std::vector<std::string> plan_of(Connection& connection, const query::Sql& sql) {
  Statement explain = connection.prepare("EXPLAIN QUERY PLAN " + sql.text);
  bind_values(explain, sql);
  std::vector<std::string> lines;
  std::map<std::int64_t, std::size_t> depth_of;  // of a node, by its number
  while (explain.step()) {
    const auto parent = depth_of.find(explain.integer(1));
    const std::size_t depth = parent == depth_of.end() ? 0 : parent->second + 1;
    depth_of[explain.integer(0)] = depth;
    lines.push_back(std::string(2 * depth, ' ').append(explain.text(3)));
  }
  return lines;
}

struct Group {
  std::vector<std::string> lines;
  std::vector<Day> days;
  bool indexed = false;
  std::size_t stretches = 0;  // of time, that index files leave of all these days
};

// In front of the plan for each of the stretches.
std::string index_text(const Group& group) {
  return fmt::format("index files leave {} stretch{} of time, and in each:", group.stretches,
                     group.stretches == 1 ? "" : "es");
}

std::string days_text(const std::vector<Day>& days) {
  if (days.size() == 1) return "1 day, " + format_day(days.front());
  return fmt::format("{} days, {} to {}", days.size(), format_day(days.front()),
                     format_day(days.back()));
}

}  // namespace

Explanation SqliteExplainer::explain(const query::Query& query) {
  Explanation result;
  result.sql = query::select_rows(query, query::Dialect::sqlite);
  Readers readers(directory_, 1);
  IndexSearch indexes(directory_, 1);
  std::vector<Group> groups;
  DayList list(directory_);
  for (const Day day : question_days(list, query)) {
    auto reader = readers.open(day, Deadline::max());
    if (!reader) continue;
    std::vector<std::string> plan = plan_of(**reader, result.sql);
    const std::optional<TimeSpans> spans = indexes.narrow(**reader, day, query.filters);
    if (groups.empty() || groups.back().lines != plan ||
        groups.back().indexed != spans.has_value()) {
      groups.push_back({std::move(plan), {}, spans.has_value(), 0});
    }
    groups.back().days.push_back(day);
    if (spans) groups.back().stretches += spans->size();
  }
  for (Group& group : groups) {
    if (group.indexed) group.lines.insert(group.lines.begin(), index_text(group));
    result.plans.push_back({days_text(group.days), std::move(group.lines)});
  }
  if (result.plans.empty()) result.plans.push_back({"no day holds records for it", {}});
  return result;
}

}  // namespace logctl::storage::sqlite
