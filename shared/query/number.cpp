#include "shared/query/number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace logctl::query {
namespace {

// Beyond what any store takes (ingest refuses such numbers), so that no text grows without end.
constexpr std::int64_t kMostExponent = 200'000;

struct Number {
  bool negative = false;
  std::string digits;      // with zeros in front and behind as they came
  std::int64_t point = 0;  // how many of the digits stand before the point; may lie outside of them
  std::int64_t scale = 0;  // digits behind the point
};

Number read(std::string_view text) {
  Number number;
  if (text.starts_with('-')) {
    number.negative = true;
    text.remove_prefix(1);
  }
  std::int64_t exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto read = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (read.ec == std::errc::result_out_of_range) {
      exponent = power.starts_with('-') ? -kMostExponent : kMostExponent;
    }
    exponent = std::clamp(exponent, -kMostExponent, kMostExponent);
    text = text.substr(0, e);
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  number.digits = text.substr(0, point);
  number.point = static_cast<std::int64_t>(point) + exponent;
  number.digits += fraction;
  number.scale = std::max<std::int64_t>(static_cast<std::int64_t>(fraction.size()) - exponent, 0);
  if (number.digits.find_first_not_of('0') == std::string::npos) number.negative = false;
  return number;
}

// Digits that count, and the place of the first of them: 0.0012 is 12 at -2.
struct Magnitude {
  std::string_view digits;
  std::int64_t place = 0;
};

Magnitude magnitude(const Number& number) {
  const std::string_view digits = number.digits;
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string_view::npos) return {};
  const std::size_t last = digits.find_last_not_of('0');
  return {digits.substr(first, last - first + 1), number.point - static_cast<std::int64_t>(first)};
}

std::strong_ordering compare(const Magnitude& a, const Magnitude& b) {
  if (a.digits.empty() || b.digits.empty()) return !a.digits.empty() <=> !b.digits.empty();
  if (a.place != b.place) return a.place <=> b.place;
  return a.digits <=> b.digits;  // a longer one with the same beginning is the larger one
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// As most numbers are written: there is nothing to change.
bool is_plain(std::string_view text) {
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
  if (text.front() == '0' && text.size() > 1 && text[1] != '.') return false;
  return text.find_first_of("eE") == std::string_view::npos;
}

}  // namespace

bool is_json_number(std::string_view text) {
  const auto digits = [&text] {
    const std::size_t before = text.size();
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
    return text.size() < before;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with('0')) {
    text.remove_prefix(1);
  } else if (!digits()) {
    return false;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!digits()) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!digits()) return false;
  }
  return text.empty();
}

std::string plain_number(std::string_view number) {
  if (is_plain(number)) return std::string(number);
  const Number read_number = read(number);
  const auto digit = [&](std::int64_t at) {
    const bool inside = at >= 0 && at < static_cast<std::int64_t>(read_number.digits.size());
    return inside ? read_number.digits[static_cast<std::size_t>(at)] : '0';
  };
  std::string out = read_number.negative ? "-" : "";
  const std::size_t sign = out.size();
  for (std::int64_t i = 0; i < read_number.point; ++i) {
    if (out.size() > sign || digit(i) != '0') out += digit(i);
  }
  if (out.size() == sign) out += '0';
  if (read_number.scale > 0) out += '.';
  for (std::int64_t i = 0; i < read_number.scale; ++i) out += digit(read_number.point + i);
  return out;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  const Number x = read(a);
  const Number y = read(b);
  if (x.negative != y.negative) {
    return x.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return x.negative ? compare(magnitude(y), magnitude(x)) : compare(magnitude(x), magnitude(y));
}

}  // namespace logctl::query
