#include "cli/relative_time.h"

#include <fmt/format.h>

#include <array>

namespace logctl::cli {
namespace {

struct TimeUnit {
  std::int64_t seconds;
  char name;
};
constexpr std::array kUnits = {TimeUnit{86400, 'd'}, TimeUnit{3600, 'h'}, TimeUnit{60, 'm'}};

}  // namespace

std::string relative_time(Timestamp time, Timestamp now) {
  const bool past = time <= now;
  const microseconds apart = past ? now - time : time - now;
  const std::int64_t count = std::chrono::floor<seconds>(apart).count();
  if (count == 0) return "now";
  std::string text = fmt::format("{}s", count);
  for (const TimeUnit& unit : kUnits) {
    if (count < 2 * unit.seconds) continue;
    text = fmt::format("{}{}", count / unit.seconds, unit.name);
    break;
  }
  return past ? text + " ago" : "in " + text;
}

}  // namespace logctl::cli
