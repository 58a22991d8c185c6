#include "cli/histogram.h"

#include "cli/terminal_text.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <sstream>
#include <string>

namespace logctl::cli {
namespace {

Histogram two_steps(std::vector<HistogramSeries> series) {
  Histogram histogram;
  histogram.times = {*parse_rfc3339("2026-01-15T10:00:00Z"),
                     *parse_rfc3339("2026-01-15T10:01:00Z")};
  histogram.series = std::move(series);
  return histogram;
}

}  // namespace

TEST_CASE("histogram: the longest bar reaches the width", "[cli]") {
  Histogram histogram = two_steps({{"", {8, 4}, 12, ""}});
  histogram.width = 17 + 2 + 1 + 2 + 20;
  CHECK(draw(histogram) ==
        "2026-01-15T10:00Z  8  ████████████████████\n"
        "2026-01-15T10:01Z  4  ██████████\n");
}

TEST_CASE("histogram: a step with records has a sign, one without has none", "[cli]") {
  Histogram histogram = two_steps({{"", {1'000'000, 1}, 1'000'001, ""}});
  histogram.width = 40;
  CHECK(draw(histogram) ==
        "2026-01-15T10:00Z  1000000  ████████████\n"
        "2026-01-15T10:01Z        1  ▏\n");
  histogram = two_steps({{"", {0, 0}, 0, ""}});
  CHECK(draw(histogram) == "2026-01-15T10:00Z  0\n2026-01-15T10:01Z  0\n");
}

TEST_CASE("histogram: lines fit any width that holds a bar", "[cli]") {
  for (const std::size_t width : {1U, 20U, 33U, 80U, 200U}) {
    Histogram histogram = two_steps({{"a", {77, 3}, 80, ""}, {"b", {23, 1}, 24, ""}});
    histogram.width = width;
    std::istringstream lines(draw(histogram));
    for (std::string line; std::getline(lines, line);) {
      CHECK(columns(line) <= std::max<std::size_t>(width, 17 + 2 + 3 + 2 + 10));
    }
  }
}

TEST_CASE("histogram: the parts of a bar add up to it", "[cli]") {
  Histogram histogram = two_steps({{"ERROR", {6, 0}, 6, "31"}, {"INFO", {2, 4}, 6, "32"}});
  histogram.width = 17 + 2 + 1 + 2 + 16;
  histogram.named = true;
  CHECK(draw(histogram) ==
        "2026-01-15T10:00Z  8  ████████████▓▓▓▓\n"
        "2026-01-15T10:01Z  4  ▓▓▓▓▓▓▓▓\n"
        "██ ERROR 6\n"
        "▓▓ INFO 6\n");
  histogram.colour = true;
  CHECK(draw(histogram).find("\x1b[31m████████████\x1b[0m\x1b[32m████\x1b[0m\n") !=
        std::string::npos);
}

TEST_CASE("histogram: a level has its colour, other values take turns", "[cli]") {
  CHECK(level_colour("ERROR", 0) == "31");
  CHECK(level_colour("warning", 1) == "33");
  CHECK(level_colour("DEBUG", 1) == "90");
  CHECK(level_colour("api", 0) != level_colour("web", 1));
}

TEST_CASE("histogram: what a value holds cannot command the terminal", "[cli]") {
  Histogram histogram = two_steps({{"\x1b[2J", {1, 1}, 2, ""}, {"b", {1, 1}, 2, ""}});
  histogram.named = true;
  CHECK(draw(histogram).find("\x1b[2J") == std::string::npos);
}

}  // namespace logctl::cli
