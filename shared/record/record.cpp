#include "shared/record/record.h"

#include "shared/base/ids.h"

#include <array>
#include <cstring>
#include <utility>

namespace logctl {
namespace {

struct LevelSpelling {
  std::string_view text;
  Level level;
};

// The first spelling of a level is the one that is stored.
constexpr std::array kLevels = {
    LevelSpelling{"TRACE", Level::trace},        LevelSpelling{"DEBUG", Level::debug},
    LevelSpelling{"INFO", Level::info},          LevelSpelling{"NOTICE", Level::notice},
    LevelSpelling{"WARN", Level::warn},          LevelSpelling{"WARNING", Level::warning},
    LevelSpelling{"ERROR", Level::error},        LevelSpelling{"CRITICAL", Level::critical},
    LevelSpelling{"FATAL", Level::fatal},        LevelSpelling{"ERR", Level::error},
    LevelSpelling{"CRIT", Level::critical},      LevelSpelling{"ALERT", Level::critical},
    LevelSpelling{"EMERG", Level::fatal},        LevelSpelling{"EMERGENCY", Level::fatal},
    LevelSpelling{"PANIC", Level::fatal},        LevelSpelling{"INFORMATION", Level::info},
    LevelSpelling{"INFORMATIONAL", Level::info},
};

bool equal_ignoring_case(std::string_view text, std::string_view upper) {
  if (text.size() != upper.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) != upper[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  for (const LevelSpelling& spelling : kLevels) {
    if (equal_ignoring_case(text, spelling.text)) return spelling.level;
  }
  return std::nullopt;
}

std::string_view level_name(Level level) {
  for (const LevelSpelling& spelling : kLevels) {
    if (spelling.level == level) return spelling.text;
  }
  return {};
}

int level_severity(Level level) {
  const int rank = static_cast<int>(level);
  return level >= Level::warning ? rank - 1 : rank;
}

std::string_view reason_name(Reason reason) {
  switch (reason) {
    case Reason::malformed:
      return "malformed";
    case Reason::invalid_utf8:
      return "invalid_utf8";
    case Reason::invalid_text:
      return "invalid_text";
    case Reason::missing_field:
      return "missing_field";
    case Reason::wrong_type:
      return "wrong_type";
    case Reason::too_long:
      return "too_long";
    case Reason::too_large:
      return "too_large";
    case Reason::too_deep:
      return "too_deep";
    case Reason::bad_number:
      return "bad_number";
    case Reason::bad_timestamp:
      return "bad_timestamp";
    case Reason::too_old:
      return "too_old";
    case Reason::too_new:
      return "too_new";
    case Reason::unknown_value:
      return "unknown_value";
    case Reason::refused_by_store:
      return "refused_by_store";
  }
  return "unknown";
}

std::optional<Reason> parse_reason(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Reason::refused_by_store); ++i) {
    const auto reason = static_cast<Reason>(i);
    if (reason_name(reason) == name) return reason;
  }
  return std::nullopt;
}

char* Arena::allocate(std::size_t size) {
  if (size > left_) {
    const std::size_t block = size > kBlock ? size : kBlock;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block));
    allocated_ += block;
    if (block > kBlock) return blocks_.back().get();  // keep the current block for small texts
    next_ = blocks_.back().get();
    left_ = block;
  }
  char* result = next_;
  next_ += size;
  left_ -= size;
  return result;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* to = allocate(text.size());
  std::memcpy(to, text.data(), text.size());
  return {to, text.size()};
}

std::size_t Batch::cost() const {
  return body->capacity() + arena->allocated() + records.size() * sizeof(LogRecord) +
         rejections.size() * sizeof(Rejection);
}

// Eight bytes of big-endian microseconds, then the event id, in base64url.
std::string format_record_id(Timestamp timestamp, std::string_view event_id) {
  std::string bytes;
  bytes.reserve(8 + event_id.size());
  const auto micros = static_cast<std::uint64_t>(to_micros(timestamp));
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(micros >> shift));
  bytes += event_id;
  return base64url_encode(bytes);
}

std::optional<RecordKey> parse_record_id(std::string_view id) {
  std::string bytes;
  if (!base64url_decode(id, bytes) || bytes.size() < 9) return std::nullopt;
  std::uint64_t micros = 0;
  for (int i = 0; i < 8; ++i) micros = (micros << 8U) | static_cast<unsigned char>(bytes[i]);
  return RecordKey{from_micros(static_cast<std::int64_t>(micros)), bytes.substr(8)};
}

}  // namespace logctl
