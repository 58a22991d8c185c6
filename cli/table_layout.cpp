#include "cli/table_layout.h"

#include <algorithm>

namespace logctl::cli {
namespace {

constexpr std::size_t kLast = 20;   // what the last column keeps before others give way
constexpr std::size_t kLeast = 10;  // less of a text says nothing

std::size_t total(const std::vector<Column>& columns) {
  std::size_t sum = columns.empty() ? 0 : 2 * (columns.size() - 1);
  for (const Column& column : columns) sum += column.width;
  return sum;
}

// Takes what is too much from one column, down to `least`.
void narrow(std::vector<Column>& columns, Column& column, std::size_t width, std::size_t least) {
  if (!column.cuttable || column.width <= least) return;
  const std::size_t excess = total(columns) > width ? total(columns) - width : 0;
  column.width -= std::min(excess, column.width - least);
}

}  // namespace

void fit(std::vector<Column>& columns, std::size_t width) {
  if (width == 0 || columns.empty()) return;
  narrow(columns, columns.back(), width, kLast);
  while (total(columns) > width) {
    const auto widest =
        std::max_element(columns.begin(), columns.end(), [](const Column& a, const Column& b) {
          return (a.cuttable ? a.width : 0) < (b.cuttable ? b.width : 0);
        });
    if (!widest->cuttable || widest->width <= kLeast) return;
    --widest->width;
  }
}

}  // namespace logctl::cli
