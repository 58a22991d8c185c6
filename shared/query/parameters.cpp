#include "shared/query/parameters.h"

#include "shared/base/ascii.h"
#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/query/compare.h"
#include "shared/query/syntax.h"
#include "shared/query/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <limits>
#include <optional>

namespace logctl::query {
namespace {

constexpr std::size_t kMaxValueBytes = 1024;
constexpr std::size_t kMaxCursorBytes = 512;
constexpr std::size_t kMaxQueryBytes = 8192;
constexpr std::string_view kLevels =
    "TRACE, DEBUG, INFO, NOTICE, WARN, WARNING, ERROR, CRITICAL or FATAL";
constexpr std::array<std::string_view, 17> kSortNames = {
    "id",         "timestamp", "created_at", "received_at", "event_id",        "event_type",
    "event_name", "user_id",   "session_id", "app_version", "priority",        "service",
    "level",      "host",      "trace_id",   "span_id",     "sequence_number",
};

// What makes the query's end, which is exclusive, of one that is inclusive.
constexpr microseconds kInclusive(1);

class Reader;
using Read = void (Reader::*)(std::string_view name, const std::string& value);

struct Row {
  std::string_view name;
  Read read;
  BadParameter error = BadParameter::other;
};

// Reads one request; the table below says which member reads which parameter.
class Reader {
 public:
  Reader(std::span<const std::string> event_types, Timestamp now, std::uint32_t max_page_size)
      : event_types_(event_types), now_(now), max_page_size_(max_page_size) {}

  FilterRequest read(const Parameters& parameters);

  void text(std::string_view name, const std::string& value) {
    filter(*parse_field(name), Op::equal, value);
  }
  void substring(std::string_view, const std::string& value) {
    filter(Field::message, Op::contains, value);
  }
  void provider(std::string_view, const std::string& value) {
    request_.query.filters.push_back({{}, Op::equal, value, {"tags", "provider"}});
  }

  void text_form(std::string_view name, const std::string& value) {
    try {
      parse_text(value, now_, request_.query);
    } catch (const SyntaxError& error) {
      fail(name, error.hint().empty() ? error.message() : error.message() + "; " + error.hint());
    }
  }

  void event_type(std::string_view name, const std::string& value) {
    if (!event_types_.empty() && std::ranges::find(event_types_, value) == event_types_.end()) {
      refuse(name, value, fmt::format("one of {}", fmt::join(event_types_, ", ")));
    }
    filter(Field::event_type, Op::equal, value);
  }
  void priority(std::string_view name, const std::string& value) {
    if (std::ranges::find(kPriorities, value) == kPriorities.end()) {
      refuse(name, value, fmt::format("one of {}", fmt::join(kPriorities, ", ")));
    }
    filter(Field::priority, Op::equal, value);
  }
  void level(std::string_view name, const std::string& value) {
    if (!parse_level(value)) refuse(name, value, kLevels);
    filter(Field::level, name == "min_level" ? Op::at_least : Op::equal, value);
  }

  void start_time(std::string_view name, const std::string& value) {
    lower_bound(name, rfc3339(name, value));
  }
  // Inclusive, as Change66 has it.
  void end_time(std::string_view name, const std::string& value) {
    upper_bound(name, rfc3339(name, value) + kInclusive);
    inclusive_ = kInclusive;
  }
  void since(std::string_view name, const std::string& value) {
    lower_bound(name, moment(name, value));
  }
  void until(std::string_view name, const std::string& value) {
    upper_bound(name, moment(name, value));
  }

  void page(std::string_view name, const std::string& value) {
    request_.page = natural(name, value, std::numeric_limits<std::uint32_t>::max());
  }
  void page_size(std::string_view name, const std::string& value) {
    if (!size_name_.empty()) throw_twice(name, size_name_);
    size_name_ = name;
    request_.page_size = natural(name, value, max_page_size_);
  }

  void sort_by(std::string_view name, const std::string& value) {
    if (std::ranges::find(kSortNames, value) == kSortNames.end()) {
      refuse(name, value, fmt::format("one of {}", fmt::join(kSortNames, ", ")));
    }
    // The id of a record holds its time and its event id: the order of pages.
    request_.query.sort = value == "id" ? Field::timestamp : *parse_field(value);
  }
  void sort_order(std::string_view name, const std::string& value) {
    const std::string lower = lower_case(value);
    if (lower != "asc" && lower != "desc") refuse(name, value, "asc or desc");
    request_.query.order = lower == "asc" ? Order::ascending : Order::descending;
  }
  void cursor(std::string_view name, const std::string& value) {
    request_.keyset = true;
    if (value.empty()) return;
    request_.query.after = parse_cursor(value);
    if (!request_.query.after) {
      refuse(name, value, "the next_cursor of an earlier answer, or nothing for the first page");
    }
  }

 private:
  [[noreturn]] void fail(std::string_view parameter, std::string problem) const;
  [[noreturn]] void refuse(std::string_view parameter, std::string_view value,
                           std::string_view expected) const {
    fail(parameter, fmt::format("expected {}, found `{}`", expected, value));
  }
  [[noreturn]] void throw_twice(std::string_view name, std::string_view other) const {
    fail(name, fmt::format("cannot be combined with {}, which says the same", other));
  }

  void filter(Field field, Op op, const std::string& value) {
    request_.query.filters.push_back({field, op, value, {}});
  }

  std::uint32_t natural(std::string_view name, const std::string& value, std::uint32_t most) const {
    std::uint32_t number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc() || stop != end || number == 0 || number > most) {
      refuse(name, value, fmt::format("a whole number from 1 to {}", most));
    }
    return number;
  }

  Timestamp rfc3339(std::string_view name, const std::string& value) const {
    constexpr std::string_view kExpected = "an RFC 3339 time such as 2026-01-15T10:30:00Z";
    const std::optional<Timestamp> time = parse_rfc3339(value);
    if (time) return *time;
    // The usual accident: an offset's plus sign that a URL turned into a space.
    std::string plus = value;
    const std::size_t space = plus.find_last_of(' ');
    if (space != std::string::npos) plus[space] = '+';
    if (space != std::string::npos && parse_rfc3339(plus)) {
      fail(name,
           fmt::format("expected {}, found `{}`; a `+` in a URL is written %2B", kExpected, value));
    }
    refuse(name, value, kExpected);
  }
  Timestamp moment(std::string_view name, const std::string& value) const {
    if (const std::optional<microseconds> ago = parse_duration(value)) return now_ - *ago;
    if (const std::optional<Timestamp> time = parse_rfc3339(value)) return *time;
    refuse(name, value, "a duration before now such as 1h30m, or an RFC 3339 time");
  }

  void lower_bound(std::string_view name, Timestamp time) {
    if (!lower_name_.empty()) throw_twice(name, lower_name_);
    if (request_.query.since) throw_twice(name, "the since: of q");
    lower_name_ = name;
    request_.query.since = time;
  }
  void upper_bound(std::string_view name, Timestamp time) {
    if (!upper_name_.empty()) throw_twice(name, upper_name_);
    if (request_.query.until) throw_twice(name, "the until: of q");
    upper_name_ = name;
    request_.query.until = time;
  }

  void check_together();

  std::span<const std::string> event_types_;
  Timestamp now_;
  std::uint32_t max_page_size_;
  FilterRequest request_;
  std::string_view size_name_;   // page_size or limit, once one was read
  std::string_view lower_name_;  // start_time or since
  std::string_view upper_name_;  // end_time or until
  microseconds inclusive_{0};    // by how much the end of the query lies behind the one given
};

constexpr Row kRows[] = {
    {"q", &Reader::text_form, BadParameter::query},
    {"event_id", &Reader::text},
    {"event_type", &Reader::event_type, BadParameter::event_type},
    {"event_name", &Reader::text},
    {"user_id", &Reader::text},
    {"session_id", &Reader::text},
    {"app_version", &Reader::text},
    {"priority", &Reader::priority, BadParameter::priority},
    {"provider_name", &Reader::provider},
    {"service", &Reader::text},
    {"level", &Reader::level},
    {"min_level", &Reader::level},
    {"host", &Reader::text},
    {"trace_id", &Reader::text},
    {"span_id", &Reader::text},
    {"message", &Reader::substring},
    {"start_time", &Reader::start_time, BadParameter::start_time},
    {"since", &Reader::since, BadParameter::start_time},
    {"end_time", &Reader::end_time, BadParameter::end_time},
    {"until", &Reader::until, BadParameter::end_time},
    {"page", &Reader::page},
    {"page_size", &Reader::page_size},
    {"limit", &Reader::page_size},
    {"sort_by", &Reader::sort_by},
    {"sort_order", &Reader::sort_order},
    {"cursor", &Reader::cursor},
};

const Row* find_row(std::string_view name) {
  const auto* row = std::ranges::find(kRows, name, &Row::name);
  return row == std::end(kRows) ? nullptr : row;
}

void Reader::fail(std::string_view parameter, std::string problem) const {
  const Row* row = find_row(parameter);
  throw ParameterError(std::string(parameter), std::move(problem),
                       row == nullptr ? BadParameter::other : row->error);
}

[[noreturn]] void fail_unknown(const std::string& name) {
  std::array<std::string_view, std::size(kRows)> names;
  std::ranges::transform(kRows, names.begin(), &Row::name);
  std::string nearest(nearest_name(name, names));
  if (const std::string meant = likely_field(name);
      std::ranges::find(names, meant) != names.end()) {
    nearest = meant;
  }
  throw ParameterError(
      name, nearest.empty() ? fmt::format("unknown parameter; known are {}", fmt::join(names, ", "))
                            : fmt::format("unknown parameter, did you mean {}?", nearest));
}

FilterRequest Reader::read(const Parameters& parameters) {
  std::array<bool, std::size(kRows)> seen{};
  for (const auto& [name, value] : parameters) {
    const Row* row = find_row(name);
    if (row == nullptr) fail_unknown(is_storable_text(name) ? name : "?");
    if (value.empty() && name != "cursor") continue;
    bool& again = seen[static_cast<std::size_t>(row - kRows)];
    if (again) fail(row->name, "was given twice");
    again = true;
    const std::size_t most = name == "cursor" ? kMaxCursorBytes
                             : name == "q"    ? kMaxQueryBytes
                                              : kMaxValueBytes;
    if (value.size() > most) {
      fail(row->name, fmt::format("expected at most {} bytes, found {}", most, value.size()));
    }
    if (!is_storable_text(value)) {
      fail(row->name, "expected UTF-8 text without NUL, found other bytes");
    }
    (this->*row->read)(row->name, value);
  }
  check_together();
  request_.query.limit = request_.page_size;
  if (!request_.keyset) {
    request_.query.offset = (std::uint64_t{request_.page} - 1) * request_.page_size;
  }
  return std::move(request_);
}

void Reader::check_together() {
  const Query& query = request_.query;
  if (query.since && query.until && *query.since > *query.until) {
    fail(upper_name_,
         fmt::format("the end {} lies before the start {}",
                     format_rfc3339(*query.until - inclusive_), format_rfc3339(*query.since)));
  }
  if (!request_.keyset) return;
  if (query.sort != Field::timestamp) {
    fail("cursor", fmt::format("pages by cursor are in the order of time: leave out sort_by "
                               "(found {}) or the cursor",
                               field_name(query.sort)));
  }
  if (request_.page != 1) {
    fail("cursor", "cannot be combined with page: the cursor is the place to go on from");
  }
}

}  // namespace

FilterRequest parse_filter(const Parameters& parameters, std::span<const std::string> event_types,
                           Timestamp now, std::uint32_t max_page_size) {
  return Reader(event_types, now, max_page_size).read(parameters);
}

}  // namespace logctl::query
