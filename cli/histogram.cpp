#include "cli/histogram.h"

#include "cli/terminal_text.h"
#include "shared/base/time_text.h"
#include "shared/record/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace logctl::cli {
namespace {

constexpr std::size_t kLeastBar = 10;
constexpr std::array<std::string_view, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
constexpr std::string_view kFull = "█";
// Where there is no colour, the parts of a bar differ by these.
constexpr std::array<std::string_view, 6> kSigns = {"█", "▓", "▒", "░", "=", "-"};

// Seconds only where the steps need them: they never do, being whole minutes.
std::string time_of(Timestamp time) {
  std::string text = format_rfc3339(time);
  constexpr std::size_t kToMinutes = 16;
  if (text.size() > kToMinutes) text.resize(kToMinutes);
  return text + "Z";
}

std::string repeated(std::string_view sign, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += sign;
  return out;
}

std::string painted(const std::string& text, const std::string& colour) {
  if (colour.empty() || text.empty()) return text;
  return "\x1b[" + colour + "m" + text + "\x1b[0m";
}

class Painter {
 public:
  Painter(const Histogram& histogram, std::size_t bar, std::uint64_t largest)
      : histogram_(histogram), bar_(bar), largest_(std::max<std::uint64_t>(largest, 1)) {}

  std::string bar(std::size_t step, std::uint64_t sum) const {
    if (sum == 0) return {};
    if (histogram_.series.size() == 1) return one(sum, histogram_.series.front());
    const std::size_t whole = std::max<std::size_t>(scaled(sum) / 8, 1);
    std::string out;
    std::uint64_t so_far = 0;
    std::size_t drawn = 0;
    for (std::size_t i = 0; i < histogram_.series.size(); ++i) {
      // Ends where the sum up to here ends, so that the parts add up to the whole.
      so_far += histogram_.series[i].counts[step];
      const auto end = static_cast<std::size_t>(
          static_cast<double>(so_far) / static_cast<double>(sum) * static_cast<double>(whole) +
          0.5);
      out += part(i, end - drawn);
      drawn = end;
    }
    return out;
  }

  std::string part(std::size_t series, std::size_t columns) const {
    const std::string_view sign =
        histogram_.colour ? kFull : kSigns[std::min(series, kSigns.size() - 1)];
    return painted(repeated(sign, columns),
                   histogram_.colour ? histogram_.series[series].colour : std::string());
  }

 private:
  // In eighths of a column.
  std::size_t scaled(std::uint64_t count) const {
    return static_cast<std::size_t>(static_cast<double>(count) / static_cast<double>(largest_) *
                                    static_cast<double>(bar_ * 8));
  }
  std::string one(std::uint64_t sum, const HistogramSeries& series) const {
    const std::size_t eighths = std::max<std::size_t>(scaled(sum), 1);
    return painted(repeated(kFull, eighths / 8) + std::string(kEighths[eighths % 8]),
                   histogram_.colour ? series.colour : std::string());
  }

  const Histogram& histogram_;
  const std::size_t bar_;
  const std::uint64_t largest_;
};

}  // namespace

std::string draw(const Histogram& histogram) {
  std::vector<std::uint64_t> sums(histogram.times.size());
  for (const HistogramSeries& series : histogram.series) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += series.counts[i];
  }
  const std::uint64_t largest = sums.empty() ? 0 : *std::ranges::max_element(sums);
  const std::size_t digits = std::to_string(largest).size();
  std::size_t time_width = 0;
  for (const Timestamp time : histogram.times) {
    time_width = std::max(time_width, time_of(time).size());
  }
  const std::size_t before = time_width + 2 + digits + 2;
  const std::size_t bar =
      histogram.width > before + kLeastBar ? histogram.width - before : kLeastBar;
  const Painter painter(histogram, bar, largest);
  std::string out;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    std::string line =
        fmt::format("{:<{}}  {:>{}}  ", time_of(histogram.times[i]), time_width, sums[i], digits);
    line += painter.bar(i, sums[i]);
    while (line.ends_with(' ')) line.pop_back();
    out += line + "\n";
  }
  if (!histogram.named) return out;
  for (std::size_t i = 0; i < histogram.series.size(); ++i) {
    const HistogramSeries& series = histogram.series[i];
    out += fmt::format("{} {} {}\n", painter.part(i, 2), terminal_safe(series.name), series.total);
  }
  return out;
}

std::string level_colour(const std::string& level, std::size_t n) {
  constexpr std::array<std::string_view, 6> kOthers = {"34", "36", "35", "32", "33", "31"};
  const auto known = parse_level(level);
  if (!known) return std::string(kOthers[n % kOthers.size()]);
  const int severity = level_severity(*known);
  if (severity >= level_severity(Level::critical)) return "1;31";
  if (severity >= level_severity(Level::error)) return "31";
  if (severity >= level_severity(Level::warn)) return "33";
  if (severity >= level_severity(Level::info)) return "32";
  return "90";
}

}  // namespace logctl::cli
