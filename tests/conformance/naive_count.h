// Counts as one would by hand: every record that matches is fetched and looked at.
#pragma once

#include "shared/base/time_text.h"
#include "shared/query/aggregate.h"
#include "shared/query/compare.h"
#include "tests/conformance/world.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::test {

using Counts = std::map<std::pair<std::int64_t, std::vector<std::string>>, std::uint64_t>;

// "-" is an absent value.
inline std::string column_of(const LogRecord& record, query::Field field) {
  std::string_view text;
  switch (field) {
    case query::Field::service:
      text = record.service;
      break;
    case query::Field::level:
      text = query::counted_level(record.level);
      break;
    case query::Field::event_type:
      text = record.event_type;
      break;
    case query::Field::event_name:
      text = record.event_name;
      break;
    case query::Field::user_id:
      text = record.user_id;
      break;
    default:
      throw std::runtime_error("not a field of the naive count");
  }
  return text.empty() ? "-" : std::string(text);
}

inline Counts naive_counts(storage::LogStore& logs, const query::Grouping& question) {
  query::Query all = question.query;
  all.limit = 1000;
  all.order = query::Order::ascending;
  Counts counts;
  for (bool more = true; more;) {
    const storage::Page page = logs.search(all);
    for (const LogRecord& record : page.batch.records) {
      std::int64_t bucket = 0;
      if (question.step) {
        const std::int64_t step = question.step->count();
        const std::int64_t time = to_micros(record.timestamp);
        bucket = time - ((time % step) + step) % step;
      }
      std::vector<std::string> values;
      for (const query::Subject& subject : question.by) {
        values.push_back(column_of(record, subject.field));
      }
      ++counts[{bucket, values}];
    }
    more = page.next.has_value();
    all.after = page.next;
  }
  return counts;
}

inline Counts counts_of(const std::vector<query::Group>& groups) {
  Counts counts;
  for (const query::Group& group : groups) {
    std::vector<std::string> values;
    for (const auto& value : group.values) values.push_back(value.value_or("-"));
    if (group.count == 0) continue;
    counts[{group.bucket ? to_micros(*group.bucket) : 0, values}] += group.count;
  }
  return counts;
}

// For messages: what differs.
inline std::string difference(const Counts& found, const Counts& expected) {
  std::string out;
  const auto tell = [&](const char* what, const Counts& here, const Counts& there) {
    for (const auto& [key, count] : here) {
      const auto other = there.find(key);
      if (other != there.end() && other->second == count) continue;
      out += std::string(what) + " " + format_rfc3339(from_micros(key.first));
      for (const std::string& value : key.second) out += " " + value;
      out += ": " + std::to_string(count) + "\n";
    }
  };
  tell("found", found, expected);
  tell("expected", expected, found);
  return out;
}

}  // namespace logctl::test
