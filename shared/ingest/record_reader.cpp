#include "shared/ingest/record_reader.h"

#include "shared/base/time_text.h"
#include "shared/ingest/epoch_time.h"
#include "shared/ingest/record_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace logctl::ingest {
namespace {

constexpr std::uint64_t kLargestText = std::numeric_limits<std::uint32_t>::max();

constexpr std::string_view kTimeOrNumberExpected =
    R"(RFC 3339, such as "2026-01-15T10:30:00Z", or a number since 1970)";

// What a Go program writes for a time that was never set.
constexpr Timestamp kGoZeroTime =
    std::chrono::sys_days(std::chrono::year(1) / std::chrono::January / 1);

bool is_removed_from_message(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

std::string_view value_text(const Cursor& cursor, const char* begin) {
  return {begin, static_cast<std::size_t>(cursor.previous_end(begin) - begin)};
}

}  // namespace

void RecordReader::begin(const Rules& rules, Dialect dialect, Timestamp now,
                         std::string_view tenant, Batch& batch) {
  rules_ = &rules;
  dialect_ = dialect;
  now_ = now;
  batch_ = &batch;
  blank_ = LogRecord{};
  blank_.received_at = now;
  blank_.tenant = batch.arena->copy(tenant);
  age_limit_ = rules.age_limit(tenant);
  batch.tenant = blank_.tenant;
  place_.reset();
  defaults_.clear();
  for (const FieldMap::Default& entry : rules.field_map.defaults()) {
    defaults_.push_back(batch.arena->copy(entry.value));
  }
}

void RecordReader::derive_ids(const LinePlace& place, const char* origin) {
  place_ = place;
  origin_ = origin;
}

bool RecordReader::read(Cursor& cursor) {
  record_ = blank_;
  level_ = {};
  priority_ = {};
  timestamp_.reset();
  for (Piece& piece : containers_) piece.raw = {};
  device_info_.raw = {};
  extras_.clear();
  present_ = 0;
  problem_.reset();
  limit_ = cursor.offset() + std::min<std::uint64_t>(rules_->max_record_bytes, kLargestText);
  walk_.begin(*rules_, limit_);

  const char* begin = cursor.here();
  if (cursor.peek() != '{') {
    if (!walk_.value(cursor, 0)) return false;
    whole_ = value_text(cursor, begin);
    problem({}, Reason::malformed, fmt::format("found {}, expected an object", excerpt(whole_)));
    return true;
  }
  cursor.advance();
  if (cursor.peek() == '}') {
    cursor.advance();
  } else {
    while (true) {
      if (!member(cursor)) return false;
      const char c = cursor.peek();
      if (c != ',' && c != '}') return walk_.fail("',' or '}'");
      cursor.advance();
      if (c == '}') break;
    }
  }
  const char* end = cursor.text() + cursor.token()[-1] + 1;
  whole_ = {begin, static_cast<std::size_t>(end - begin)};
  return true;
}

bool RecordReader::member(Cursor& cursor) {
  if (cursor.at_end() || cursor.peek() != '"') return walk_.fail("a key in double quotes");
  if (cursor.offset() >= limit_) return surplus_member(cursor);
  const std::string_view raw_key = cursor.string();
  std::string_view key = raw_key;
  const bool escaped = cursor.has_escape(raw_key);
  if (escaped) {
    char* space = batch_->arena->allocate(raw_key.size());
    const Unescaped done = unescape(raw_key, space);
    if (done.fault == TextFault::bad_escape) return walk_.fail("a valid escape in this key");
    if (done.fault != TextFault::none) {
      problem(excerpt(raw_key), Reason::invalid_text, text_fault_message(done, raw_key));
    }
    key = {space, done.size};
  }
  if (cursor.peek_after() != ':') {
    cursor.advance();
    return walk_.fail("':' behind the key");
  }
  cursor.advance(2);
  if (cursor.at_end()) return walk_.fail("a JSON value");

  const FieldMap& map = rules_->field_map;
  const Field field = map.maps_anything() ? map.field_of(key) : field_of(key);
  if (field == Field::unknown) return unknown(cursor, raw_key, key, escaped);
  return field_value(cursor, field, key);
}

bool RecordReader::field_value(Cursor& cursor, Field field, std::string_view key) {
  switch (field) {
    case Field::timestamp:
      return timestamp(cursor);
    case Field::sequence_number:
      return sequence_number(cursor);
    case Field::properties:
      return container(cursor, key, containers_[0], false);
    case Field::metadata:
      return container(cursor, key, containers_[1], dialect_ == Dialect::aggregator);
    case Field::attributes:
      return container(cursor, key, containers_[2], false);
    case Field::device_info:
      return container(cursor, key, device_info_, false);
    default:
      return text(cursor, field);
  }
}

// The record is too large whatever follows: only its syntax matters, and nothing of it is kept.
bool RecordReader::surplus_member(Cursor& cursor) {
  const std::string_view raw_key = cursor.string();
  if (cursor.has_escape(raw_key) && check_escapes(raw_key).fault == TextFault::bad_escape) {
    return walk_.fail("a valid escape in this key");
  }
  cursor.advance();
  if (cursor.peek() != ':') return walk_.fail("':' behind the key");
  cursor.advance();
  return walk_.value(cursor, 0);
}

bool RecordReader::text(Cursor& cursor, Field field) {
  const TextRule& rule = kTexts[static_cast<std::size_t>(field)];
  std::string_view value;
  if (cursor.peek() == '"') {
    value = cursor.string();
    const bool cleaned = field == Field::message && dialect_ == Dialect::cmdlog;
    if (cursor.has_escape(value)) {
      char* space = batch_->arena->allocate(value.size());
      const Unescaped done = unescape(value, space, cleaned);
      if (done.fault == TextFault::bad_escape) return walk_.fail("valid escapes in this string");
      if (done.fault != TextFault::none) {
        problem(rule.name, Reason::invalid_text, text_fault_message(done, value));
      }
      value = {space, done.size};
      if (cleaned) value = cleaned_message(value);
    }
    cursor.advance();
    present_ |= 1U << static_cast<unsigned>(field);
    const std::uint64_t limit =
        field == Field::message ? rules_->max_message_bytes : rule.max_bytes;
    if (value.size() > limit) {
      problem(rule.name, Reason::too_long,
              fmt::format("found {} bytes, at most {} are allowed", value.size(), limit));
    }
  } else if (cursor.is_word("null")) {
    cursor.advance();
  } else if (rules_->field_map.is_mapped(field) && cursor.peek() != '{' && cursor.peek() != '[') {
    // Elsewhere an id may well be a number.
    const char* begin = cursor.here();
    if (!walk_.value(cursor, 0)) return false;
    value = value_text(cursor, begin);
    present_ |= 1U << static_cast<unsigned>(field);
  } else {
    return wrong_type(cursor, rule.name, "a text");
  }
  if (rule.member != nullptr) {
    record_.*rule.member = value;
  } else if (field == Field::level) {
    level_ = value;
  } else {
    priority_ = value;
  }
  return true;
}

bool RecordReader::timestamp(Cursor& cursor) {
  const bool numbers = dialect_ == Dialect::native || dialect_ == Dialect::aggregator;
  const std::string_view expected = numbers ? kTimeOrNumberExpected : kTimeExpected;
  timestamp_.reset();
  if (cursor.is_word("null")) {
    cursor.advance();
    return true;
  }
  const char c = cursor.peek();
  std::string_view found;
  if (c == '"') {
    const std::string_view raw = cursor.string();
    found = {raw.data() - 1, raw.size() + 2};
    if (cursor.has_escape(raw)) {
      if (!walk_.value(cursor, 0)) return false;
      scratch_.resize(raw.size());
      const Unescaped done = unescape(raw, scratch_.data());
      if (done.fault == TextFault::none) {
        timestamp_ = parse_rfc3339(std::string_view(scratch_).substr(0, done.size));
      }
    } else {
      cursor.advance();
      if (raw.empty()) return true;
      timestamp_ = parse_rfc3339(raw);
    }
    if (timestamp_ == kGoZeroTime) {
      timestamp_.reset();
      return true;
    }
  } else if (numbers && (is_digit(c) || c == '-')) {
    const char* begin = cursor.here();
    if (!walk_.value(cursor, 0)) return false;
    found = value_text(cursor, begin);
    timestamp_ = parse_epoch(found);
  } else {
    return wrong_type(cursor, "timestamp", expected);
  }
  present_ |= 1U << static_cast<unsigned>(Field::timestamp);
  if (!timestamp_) {
    problem("timestamp", Reason::bad_timestamp,
            fmt::format("found {}, expected {}", excerpt(found), expected));
  } else if (!is_writable_time(*timestamp_)) {
    problem("timestamp", Reason::bad_timestamp,
            fmt::format("found {}, expected a time in the years 1 to 9999", excerpt(found)));
  }
  return true;
}

bool RecordReader::sequence_number(Cursor& cursor) {
  record_.sequence_number.reset();
  if (cursor.is_word("null")) {
    cursor.advance();
    return true;
  }
  const char c = cursor.peek();
  if (!is_digit(c) && c != '-') return wrong_type(cursor, "sequence_number", "a whole number");
  const char* begin = cursor.here();
  if (!walk_.value(cursor, 0)) return false;
  const std::string_view found = value_text(cursor, begin);
  std::int64_t number = 0;
  const auto read = std::from_chars(found.data(), found.data() + found.size(), number);
  if (read.ec != std::errc() || read.ptr != found.data() + found.size()) {
    problem("sequence_number", Reason::bad_number,
            fmt::format("found {}, expected a whole number from {} to {}", excerpt(found),
                        std::numeric_limits<std::int64_t>::min(),
                        std::numeric_limits<std::int64_t>::max()));
  } else {
    record_.sequence_number = number;
  }
  return true;
}

bool RecordReader::walk(Cursor& cursor, std::string_view name, std::string_view text,
                        unsigned depth, Piece& piece) {
  const char* begin = cursor.here();
  piece.token = cursor.token();
  piece.text = text;
  piece.first_cut = walk_.cuts().size();
  piece.underscores = 0;
  if (!walk_.value(cursor, depth)) return false;
  if (!rules_->field_map.nested().empty() && !move_mapped(name, depth, piece)) return false;
  piece.end_cut = walk_.cuts().size();
  piece.raw = value_text(cursor, begin);
  if (walk_.issue() && !problem_) {
    problem(path_to(name, text, piece.token, walk_.issue()->token), walk_.issue()->reason,
            walk_.issue()->message);
  }
  return true;
}

bool RecordReader::container(Cursor& cursor, std::string_view name, Piece& piece,
                             bool may_be_text) {
  piece.raw = {};
  piece.key = name;
  piece.raw_key = name;
  if (cursor.peek() == '{') {
    return walk(cursor, name, {cursor.text(), cursor.limit()}, 0, piece);
  }
  if (cursor.is_word("null")) {
    cursor.advance();
    return true;
  }
  if (may_be_text && cursor.peek() == '"') return container_in_text(cursor, name, piece);
  return wrong_type(cursor, name, "an object");
}

bool RecordReader::container_in_text(Cursor& cursor, std::string_view name, Piece& piece) {
  const std::string_view raw = cursor.string();
  if (cursor.offset() + raw.size() >= limit_) return walk_.value(cursor, 0);
  char* space = batch_->arena->allocate(raw.size() + 1 + StructureIndex::padding());
  const Unescaped done = unescape(raw, space);
  if (done.fault == TextFault::bad_escape) return walk_.fail("valid escapes in this string");
  cursor.advance();
  if (done.fault != TextFault::none) {
    problem(name, Reason::invalid_text, text_fault_message(done, raw));
    return true;
  }
  const std::string_view inner(space, done.size);
  space[done.size] = '\0';
  if (std::all_of(inner.begin(), inner.end(), is_space)) return true;
  if (inner_.build(inner)) {
    Cursor inside(inner, inner_.tokens());
    if (inside.peek() == '{' && walk(inside, name, inner, 0, piece) && inside.at_end()) return true;
  }
  piece.raw = {};
  problem(name, Reason::wrong_type,
          fmt::format("found {}, expected an object or a text that holds one", quoted(inner)));
  return true;
}

bool RecordReader::unknown(Cursor& cursor, std::string_view raw_key, std::string_view key,
                           bool escaped) {
  if (walk_.drops(raw_key, escaped)) return walk_.value(cursor, 0);
  Piece& piece = extras_.emplace_back();
  piece.key = key;
  piece.raw_key = raw_key;
  if (!walk(cursor, key, {cursor.text(), cursor.limit()}, 1, piece)) return false;
  if (piece.moved && is_empty(piece)) extras_.pop_back();
  return true;
}

bool RecordReader::is_empty(const Piece& piece) const {
  const char* from = piece.raw.data();
  const auto says_nothing = [&from](const char* to) {
    const std::string_view between(from, static_cast<std::size_t>(to - from));
    return between.find_first_not_of("{}, \t\r\n") == std::string_view::npos;
  };
  for (std::size_t i = piece.first_cut; i < piece.end_cut; ++i) {
    const Cut& cut = walk_.cuts()[i];
    if (!says_nothing(cut.from)) return false;
    from = cut.to;
  }
  return says_nothing(piece.raw.data() + piece.raw.size());
}

bool RecordReader::wrong_type(Cursor& cursor, std::string_view field, std::string_view expected) {
  const char* begin = cursor.here();
  if (!walk_.value(cursor, 0)) return false;
  problem(field, Reason::wrong_type,
          fmt::format("found {}, expected {}", excerpt(value_text(cursor, begin)), expected));
  return true;
}

void RecordReader::problem(std::string_view field, Reason reason, std::string message) {
  if (problem_) return;
  problem_ = Rejection{0, std::string(field), reason, std::move(message)};
}

std::size_t RecordReader::kept_bytes() const {
  return walk_.kept_bytes() + extras_.capacity() * sizeof(Piece) +
         names_.capacity() * sizeof(std::string_view) + scratch_.capacity();
}

void RecordReader::shrink() {
  walk_.shrink();
  inner_.shrink();
  shrink_buffer(extras_);
  shrink_buffer(names_);
  shrink_buffer(scratch_);
}

std::string_view RecordReader::cleaned_message(std::string_view message) {
  if (std::none_of(message.begin(), message.end(), is_removed_from_message)) return message;
  char* const space = batch_->arena->allocate(message.size());
  char* end = std::remove_copy_if(message.begin(), message.end(), space, is_removed_from_message);
  return {space, static_cast<std::size_t>(end - space)};
}

}  // namespace logctl::ingest
