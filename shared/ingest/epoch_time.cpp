#include "shared/ingest/epoch_time.h"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace logctl::ingest {
namespace {

constexpr double kLargestSeconds = 1e11;  // the year 5138
constexpr double kLargestMillis = 1e14;
constexpr double kLargestMicros = 1e17;

// Digits of the fraction that make microseconds.
int digits_to_micros(double size) {
  if (size < kLargestSeconds) return 6;
  if (size < kLargestMillis) return 3;
  return 0;
}

}  // namespace

std::optional<Timestamp> parse_epoch(std::string_view number) {
  const bool negative = number.front() == '-';
  if (negative) number.remove_prefix(1);
  if (number.find_first_of("eE") != std::string_view::npos) {
    double value = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
    if (read.ec != std::errc() || !(value < 1e19)) return std::nullopt;
    const double micros =
        value < kLargestMicros ? value * std::pow(10.0, digits_to_micros(value)) : value / 1000;
    const auto rounded = static_cast<std::int64_t>(std::llround(micros));
    return from_micros(negative ? -rounded : rounded);
  }
  std::int64_t whole = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), whole);
  if (read.ec != std::errc()) return std::nullopt;
  const char* next = read.ptr;
  const char* end = number.data() + number.size();
  const auto size = static_cast<double>(whole);
  if (size >= kLargestMicros) {
    whole /= 1000;
  } else {
    if (next != end) ++next;  // the point
    for (int i = digits_to_micros(size); i > 0; --i) {
      whole = whole * 10 + (next != end ? *next++ - '0' : 0);
    }
  }
  return from_micros(negative ? -whole : whole);
}

bool is_writable_time(Timestamp t) {
  using namespace std::chrono;
  constexpr Timestamp first = sys_days(year(1) / January / 1);
  constexpr Timestamp end = sys_days(year(10000) / January / 1);
  return t >= first && t < end;
}

}  // namespace logctl::ingest
