#include "cli/table_layout.h"

#include <algorithm>
#include <cstdint>

namespace logctl::cli {
namespace {

constexpr std::size_t kShort = 20;  // what a text keeps before others give way
constexpr std::size_t kLeast = 10;  // less of a text says nothing

// With each text cut to `most`.
std::size_t total(const std::vector<Column>& columns, std::size_t most) {
  std::size_t sum = 0;
  std::size_t shown = 0;
  for (const Column& column : columns) {
    if (!column.shown) continue;
    sum += column.cuttable ? std::min(column.width, most) : column.width;
    ++shown;
  }
  return shown == 0 ? 0 : sum + 2 * (shown - 1);
}

std::size_t total(const std::vector<Column>& columns) { return total(columns, SIZE_MAX); }

// The last one, which holds the longest text by convention, then always the widest.
void narrow(std::vector<Column>& columns, std::size_t width) {
  Column& last = *std::find_if(columns.rbegin(), columns.rend(),
                               [](const Column& column) { return column.shown; });
  if (last.cuttable && last.width > kShort && total(columns) > width) {
    last.width -= std::min(total(columns) - width, last.width - kShort);
  }
  const auto can_give = [](const Column& column) {
    return column.shown && column.cuttable ? column.width : 0;
  };
  while (total(columns) > width) {
    const auto widest = std::max_element(
        columns.begin(), columns.end(),
        [&](const Column& a, const Column& b) { return can_give(a) < can_give(b); });
    if (can_give(*widest) <= kLeast) return;
    --widest->width;
  }
}

}  // namespace

void fit(std::vector<Column>& columns, std::size_t width, const std::vector<std::size_t>& less) {
  if (width == 0 || columns.empty()) return;
  // The first one names the row.
  for (std::size_t i = columns.size() - 1; i > 0 && total(columns) > width; --i) {
    if (columns[i].empty) columns[i].shown = false;
  }
  std::size_t gone = 0;
  for (; gone < less.size() && total(columns, kShort) > width; ++gone) {
    columns[less[gone]].shown = false;
  }
  // A wide one made room for others.
  while (gone-- > 0) {
    Column& column = columns[less[gone]];
    if (column.empty) continue;
    column.shown = true;
    if (total(columns, kShort) > width) column.shown = false;
  }
  narrow(columns, width);
}

}  // namespace logctl::cli
