#include "shared/storage/sqlite/index_search.h"

#include "shared/query/compare.h"
#include "shared/storage/sqlite/late_rows.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

namespace logctl::storage::sqlite {
namespace {

using query::Field;
using query::Filter;
using query::Op;

// Whether an index can say anything about a filter, without looking at a file.
bool can_narrow(const Filter& filter) {
  switch (filter.op) {
    case Op::any_of:
    case Op::all_of:
      for (const Filter& part : filter.parts) {
        if (can_narrow(part)) return true;
      }
      return false;
    case Op::equal:
      return true;
    case Op::contains:
    case Op::like:
      return filter.path.empty() && filter.field == Field::message;
    case Op::less:
    case Op::at_most:
    case Op::more:
    case Op::at_least:
      return filter.path.empty() && filter.field == Field::level;
    default:
      return false;
  }
}

// Of the index on a property.
std::string index_name(const std::vector<std::string>& path) {
  std::string name = "properties";
  for (const std::string& key : path) name += "." + key;
  return name;
}

}  // namespace

// One question to one day: the files it uses, and the token that they must carry.
class IndexSearch::Question {
 public:
  Question(IndexSearch& search, Day day, const std::string& token)
      : search_(search), day_(day), token_(token) {}

  std::optional<TimeSpans> all(std::span<const Filter> filters) {
    std::optional<TimeSpans> result;
    for (const Filter& filter : filters) {
      auto spans = one(filter);
      if (spans) result = result ? in_both(*result, *spans) : std::move(*spans);
    }
    return result;
  }

 private:
  std::optional<TimeSpans> any(std::span<const Filter> filters) {
    TimeSpans result;
    for (const Filter& filter : filters) {
      const auto spans = one(filter);
      if (!spans) return std::nullopt;
      result = in_either(result, *spans);
    }
    return result;
  }

  std::optional<TimeSpans> one(const Filter& filter) {
    if (!can_narrow(filter)) return std::nullopt;
    if (filter.op == Op::any_of) return any(filter.parts);
    if (filter.op == Op::all_of) return all(filter.parts);
    if (!filter.path.empty()) return property(filter);
    if (filter.field == Field::message) return text(filter);
    if (filter.field == Field::level) return level(filter);
    return value(query::field_name(filter.field), filter.value);
  }

  std::optional<TimeSpans> property(const Filter& filter) {
    // `a.b` as one key is not what the index of b in a is about.
    const auto has_dot = [](const std::string& key) { return key.find('.') != std::string::npos; };
    if (std::any_of(filter.path.begin(), filter.path.end(), has_dot)) return std::nullopt;
    const std::string name = index_name(filter.path);
    auto spans = value(name, filter.value);
    const std::string number = query::as_property_number(filter.value);
    if (!spans || number == filter.value) return spans;
    const auto written = value(name, number);
    return written ? std::optional(in_either(*spans, *written)) : std::nullopt;
  }

  std::optional<TimeSpans> text(const Filter& filter) {
    const std::vector<std::string> pieces =
        filter.op == Op::like ? query::pieces_of(filter.value) : std::vector{filter.value};
    return with_file(kTextIndex, [&](IndexFile& file) {
      std::optional<TimeSpans> result;
      for (const std::string& piece : pieces) {
        auto spans = file.with_text(piece);
        if (spans) result = result ? in_both(*result, *spans) : std::move(*spans);
      }
      return result;
    });
  }

  std::optional<TimeSpans> level(const Filter& filter) {
    const auto asked = parse_level(filter.value);
    if (!asked) return std::nullopt;
    return with_file(query::field_name(Field::level),
                     [&](IndexFile& file) -> std::optional<TimeSpans> {
                       TimeSpans result;
                       for (const std::string_view name : query::level_names(filter.op, *asked)) {
                         const auto spans = file.with_value(name);
                         if (!spans) return std::nullopt;
                         result = in_either(result, *spans);
                       }
                       return result;
                     });
  }

  std::optional<TimeSpans> value(std::string_view field, std::string_view value) {
    return with_file(field, [&](IndexFile& file) { return file.with_value(value); });
  }

  std::optional<TimeSpans> with_file(
      std::string_view field, const std::function<std::optional<TimeSpans>(IndexFile&)>& ask) {
    std::list<Entry> entry = search_.take(day_, field);
    if (entry.empty()) return std::nullopt;
    std::optional<TimeSpans> spans;
    try {
      if (entry.front().file.token() == token_) spans = ask(entry.front().file);
    } catch (const Error& error) {
      // A file that is damaged costs time, not answers.
      if (error.code() != ErrorCode::storage) throw;
      return std::nullopt;
    }
    search_.give_back(std::move(entry));
    return spans;
  }

  IndexSearch& search_;
  const Day day_;
  const std::string& token_;
};

bool IndexSearch::could_narrow(std::span<const Filter> filters) {
  return std::any_of(filters.begin(), filters.end(), can_narrow);
}

std::optional<TimeSpans> IndexSearch::narrow(Connection& connection, Day day,
                                             std::span<const Filter> filters) {
  if (!could_narrow(filters)) return std::nullopt;
  const std::optional<Marked> marked = read_mark(connection, kMostLateRows);
  if (!marked || marked->times.size() > kMostLateRows) return std::nullopt;
  auto spans = Question(*this, day, marked->token).all(filters);
  if (!spans || marked->times.empty()) return spans;
  TimeSpans late;
  for (const Timestamp time : marked->times) late.push_back({time, time});
  return in_either(*spans, late);
}

std::list<IndexSearch::Entry> IndexSearch::take(Day day, std::string_view field) {
  const std::filesystem::path path = index_file(directory_, day, field);
  std::list<Entry> stale;  // closed after the lock is released
  std::list<Entry> found;
  const auto identity = identity_of(path);
  {
    const Lock lock(mutex_);
    for (auto entry = idle_.begin(); entry != idle_.end();) {
      const auto next = std::next(entry);
      if (entry->path == path) {
        const bool same = identity && entry->identity == *identity;
        std::list<Entry>& to = same && found.empty() ? found : stale;
        if (!same || found.empty()) to.splice(to.begin(), idle_, entry);
      }
      entry = next;
    }
  }
  if (!found.empty() || !identity) return found;
  try {
    found.push_back(Entry{path, *identity, IndexFile(path)});
  } catch (const Error& error) {
    // Removed in the meantime, or damaged.
    if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::storage) throw;
  }
  return found;
}

void IndexSearch::give_back(std::list<Entry> entry) {
  std::list<Entry> surplus;
  const Lock lock(mutex_);
  idle_.splice(idle_.begin(), entry);
  if (idle_.size() > max_idle_) surplus.splice(surplus.begin(), idle_, std::prev(idle_.end()));
}

}  // namespace logctl::storage::sqlite
