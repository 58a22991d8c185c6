#include "shared/base/time_text.h"

#include <array>
#include <cstdint>

namespace logctl {
namespace {

// Reads exactly `count` digits at `pos`; -1 when there are fewer.
int digits(std::string_view text, std::size_t pos, std::size_t count) {
  if (pos + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = pos; i < pos + count; ++i) {
    const char c = text[i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::chrono::sys_days> day_at(std::string_view text) {
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  if (year < 0 || month < 1 || day < 1 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

// Writes `value` with exactly `width` digits; returns the end.
char* put_digits(char* to, std::int64_t value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    to[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return to + width;
}

// `2026-01-15`, or with more digits for the years that need them; returns the end.
char* put_day(char* to, std::chrono::year_month_day date) {
  const int year = int(date.year());
  to = put_digits(to, year, year > 9999 ? 5 : 4);
  *to++ = '-';
  to = put_digits(to, unsigned(date.month()), 2);
  *to++ = '-';
  return put_digits(to, unsigned(date.day()), 2);
}

}  // namespace

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  if (text.size() < 20) return std::nullopt;
  const auto day = day_at(text);
  const char separator = text[10];
  if (!day || (separator != 'T' && separator != 't' && separator != ' ')) return std::nullopt;
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ||
      text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  std::size_t pos = 19;
  std::int64_t fraction = 0;
  if (text[pos] == '.') {
    ++pos;
    std::size_t count = 0;
    for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, ++count) {
      if (count < 6) fraction = fraction * 10 + (text[pos] - '0');
    }
    if (count == 0 || count > 9) return std::nullopt;
    for (; count < 6; ++count) fraction *= 10;
  }
  if (pos >= text.size()) return std::nullopt;
  int offset_minutes = 0;
  if (text[pos] == 'Z' || text[pos] == 'z') {
    ++pos;
  } else if (text[pos] == '+' || text[pos] == '-') {
    const int offset_hour = digits(text, pos + 1, 2);
    const int offset_minute = digits(text, pos + 4, 2);
    if (offset_hour < 0 || offset_hour > 23 || offset_minute < 0 || offset_minute > 59 ||
        text[pos + 3] != ':') {
      return std::nullopt;
    }
    offset_minutes = (offset_hour * 60 + offset_minute) * (text[pos] == '-' ? -1 : 1);
    pos += 6;
  } else {
    return std::nullopt;
  }
  if (pos != text.size()) return std::nullopt;
  return Timestamp(*day) + std::chrono::hours(hour) +
         std::chrono::minutes(minute - offset_minutes) + seconds(second) + microseconds(fraction);
}

void append_rfc3339(std::string& out, Timestamp t) {
  const auto day = day_of(t);
  std::int64_t rest = (t - day).count();
  const std::int64_t micros = rest % 1'000'000;
  rest /= 1'000'000;
  std::array<char, 32> text;
  char* end = put_day(text.data(), day);
  *end++ = 'T';
  end = put_digits(end, rest / 3600, 2);
  *end++ = ':';
  end = put_digits(end, rest / 60 % 60, 2);
  *end++ = ':';
  end = put_digits(end, rest % 60, 2);
  if (micros != 0) {
    *end++ = '.';
    end = put_digits(end, micros, 6);
    while (end[-1] == '0') --end;
  }
  *end++ = 'Z';
  out.append(text.data(), end);
}

std::string format_rfc3339(Timestamp t) {
  std::string out;
  out.reserve(27);
  append_rfc3339(out, t);
  return out;
}

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  return day_at(text);
}

std::string format_day(std::chrono::sys_days day) {
  std::array<char, 12> text;
  return std::string(text.data(), put_day(text.data(), day));
}

}  // namespace logctl
