#include "tests/conformance/question_worlds.h"

#include "shared/query/compare.h"
#include "shared/query/record_json.h"
#include "shared/query/regex.h"

#include <array>
#include <chrono>
#include <string_view>

namespace logctl::test {
namespace {

using query::Field;
using query::Filter;
using query::Op;
using query::Query;

const Timestamp kStart = at("2026-03-09T22:00:00Z");

constexpr std::array<std::string_view, 19> kWords = {
    "",    "a",   "A",          "ab",           "aB c", "Ä",  "ä", "köln KÖLN", "a_b%", "x\\y",
    "[a]", "a*b", "line\nfeed", "\xE2\x84\xAA", "k",    "10", "9", "İi",        "\"q\""};
constexpr std::array<std::string_view, 12> kNumbers = {
    "0",    "1",  "-1", "1.0", "1e0", "10", "1.5", "150e-2", "9007199254740993", "9007199254740992",
    "-0.0", "1e3"};
constexpr std::array<std::string_view, 9> kObjects = {
    "{}",
    R"({"a":1,"b":{"a":"x","c":null}})",
    R"({"a":"1","b":[1,{"a":2}]})",
    R"({"a":true,"b":{"a":false}})",
    R"({"a":1,"a":"last"})",
    R"({"a":{"a":{"a":"Ä"}},"k k":""})",
    R"({"a":"[1]","b":"{\"a\": 1}"})",
    R"({"q\"\\":"odd","b.c":{"$":1.10}})",
    R"({"a":null,"\u0061b":"\u00e4 \ud83e\udd80","b":{"a":1e3}})"};
const std::vector<std::vector<std::string>> kPaths = {{"a"},  {"b"},   {"b", "a"}, {"a", "a", "a"},
                                                      {"ab"}, {"k k"}, {"q\"\\"},  {"b.c", "$"},
                                                      {"0"},  {"n"}};
constexpr std::array<std::string_view, 10> kPatterns = {"*",     "a*",  "*b",   "*ä*", "a*b",
                                                        "a\\*b", "*\\", "[a]*", "*%*", "*_b*"};
constexpr std::array<std::string_view, 22> kRegexes = {
    "a",         "^a",    "b$",    "(?i)AB?", "[^a]",     "\\d+",          "^\\w+$", "\\W",
    "\\bk",      "(?i)ä", "(?i)k", ".",       "^.{2,3}$", "(a|9)",         "^$|10",  "[[:space:]]",
    "\\s[^\\s]", "[à-ü]", "\\Ba",  "(?:)x",   "a||b",     "\\\\|\\*|\\[|%"};
constexpr std::array kTexts = {Field::service,     Field::message,  Field::event_type,
                               Field::event_name,  Field::user_id,  Field::session_id,
                               Field::app_version, Field::host,     Field::trace_id,
                               Field::span_id,     Field::priority, Field::event_id};

Timestamp random_time(Dice& dice) {
  // Few enough that times are equal, over three days and with microseconds.
  return kStart + std::chrono::minutes(37 * dice.roll(90)) + microseconds(dice.roll(2));
}

std::string random_id(Dice& dice) {
  constexpr std::array<std::string_view, 5> kIds = {"a", "B", "ä", "a_", "10"};
  return std::string(dice.one_of(kIds)) + std::to_string(dice.roll(12));
}

std::string random_properties(Dice& dice) {
  if (dice.once_in(4)) return {};
  if (dice.once_in(2)) return std::string(dice.one_of(kObjects));
  std::string value(dice.one_of(kNumbers));
  return R"({"a":)" + value + R"(,"n":)" + std::string(dice.one_of(kNumbers)) + R"(,"b":")" +
         value + "\"}";
}

Filter random_comparison(Dice& dice) {
  Filter filter;
  if (dice.once_in(3)) {
    filter.path = dice.one_of(kPaths);
    constexpr std::array kOps = {Op::equal,   Op::equal, Op::contains, Op::like,   Op::less,
                                 Op::at_most, Op::more,  Op::at_least, Op::exists, Op::matches};
    filter.op = dice.one_of(kOps);
    filter.value = dice.once_in(2) ? dice.one_of(kNumbers) : dice.one_of(kWords);
    if (dice.once_in(8)) filter.value = dice.once_in(2) ? "true" : "[1]";
    if (query::compares_value(filter.op) && filter.op != Op::equal) {
      filter.value = dice.one_of(kNumbers);
    }
  } else if (dice.once_in(4)) {
    constexpr std::array kOrdered = {Field::timestamp, Field::received_at, Field::sequence_number,
                                     Field::level};
    constexpr std::array kOps = {Op::equal, Op::less,     Op::at_most,
                                 Op::more,  Op::at_least, Op::exists};
    constexpr std::array<std::string_view, 6> kLevels = {"trace",   "info", "warn",
                                                         "WARNING", "ERR",  "fatal"};
    filter.field = dice.one_of(kOrdered);
    filter.op = dice.one_of(kOps);
    if (query::is_time(filter.field)) {
      filter.value = format_rfc3339(random_time(dice));
    } else if (filter.field == Field::level) {
      filter.value = dice.one_of(kLevels);
    } else {
      filter.value = std::to_string(static_cast<int>(dice.roll(5)) - 2);
    }
  } else {
    constexpr std::array kOps = {Op::equal, Op::equal,  Op::contains,
                                 Op::like,  Op::exists, Op::matches};
    filter.field = dice.once_in(8) ? Field::level : dice.one_of(kTexts);
    filter.op = dice.one_of(kOps);
    filter.value = filter.field == Field::event_id ? random_id(dice) : dice.one_of(kWords);
    if (filter.field == Field::level && filter.op == Op::equal) filter.value = "info";
  }
  if (filter.op == Op::like) filter.value = dice.one_of(kPatterns);
  if (filter.op == Op::matches) filter.value = dice.one_of(kRegexes);
  return filter;
}

Filter random_filter(Dice& dice, int depth) {
  if (depth == 0 || dice.roll(3) > 0) return random_comparison(dice);
  constexpr std::array kGroups = {Op::any_of, Op::all_of, Op::none_of};
  Filter group;
  group.op = dice.one_of(kGroups);
  for (std::size_t parts = dice.roll(4); parts > 0; --parts) {
    group.parts.push_back(random_filter(dice, depth - 1));
  }
  return group;
}

std::string describe(const Filter& filter) {
  constexpr std::array<std::string_view, 12> kOps = {"equal",  "contains", "like",   "matches",
                                                     "less",   "at_most",  "more",   "at_least",
                                                     "exists", "any_of",   "all_of", "none_of"};
  std::string out(kOps.at(static_cast<std::size_t>(filter.op)));
  out += '(';
  if (filter.parts.empty()) {
    if (filter.path.empty()) out += query::field_name(filter.field);
    for (const std::string& key : filter.path) out += "/" + key;
    out += ", `" + filter.value + "`";
  }
  for (const Filter& part : filter.parts) out += describe(part) + " ";
  return out + ")";
}

}  // namespace

void add_random_record(Dice& dice, Rows& rows) {
  const std::string_view tenant = dice.once_in(8) ? "other" : "default";
  LogRecord& record = rows.add(random_time(dice), random_id(dice), tenant);
  const auto word = [&] { return dice.one_of(kWords); };
  record.received_at = random_time(dice);
  record.service = word();
  record.message = word();
  record.event_type = word();
  record.event_name = word();
  record.user_id = word();
  record.session_id = word();
  record.app_version = word();
  record.host = word();
  record.trace_id = word();
  record.span_id = word();
  record.priority = dice.once_in(3) ? "high" : "normal";
  record.level = static_cast<Level>(dice.roll(10));
  if (dice.roll(3) > 0) record.sequence_number = static_cast<std::int64_t>(dice.roll(5)) - 2;
  record.properties = rows.keep(random_properties(dice));
}

Query random_question(Dice& dice) {
  Query query;
  for (std::size_t filters = dice.roll(3); filters > 0; --filters) {
    query.filters.push_back(random_filter(dice, 3));
  }
  if (dice.once_in(4)) query.since = random_time(dice);
  if (dice.once_in(4)) query.until = random_time(dice);
  if (dice.once_in(8)) query.tenant = "other";
  query.order = dice.once_in(2) ? query::Order::ascending : query::Order::descending;
  if (dice.once_in(3)) query.sort = static_cast<Field>(dice.roll(16));
  query.limit = static_cast<std::uint32_t>(dice.once_in(3) ? 1 + dice.roll(20) : 1000);
  if (dice.once_in(4)) query.offset = dice.roll(15);
  return query;
}

std::string describe(const Query& query) {
  std::string out =
      "tenant " + query.tenant + ", sort " + std::string(query::field_name(query.sort)) +
      (query.order == query::Order::ascending ? " ascending" : " descending") + ", limit " +
      std::to_string(query.limit) + ", offset " + std::to_string(query.offset);
  if (query.since) out += ", since " + format_rfc3339(*query.since);
  if (query.until) out += ", until " + format_rfc3339(*query.until);
  for (const Filter& filter : query.filters) out += "\n  " + describe(filter);
  return out;
}

std::string describe(const LogRecord& record) {
  std::string out;
  query::append_record(out, record);
  return out;
}

}  // namespace logctl::test
