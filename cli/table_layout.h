// How wide the columns of a table are on a terminal, and which of them it has room for.
#pragma once

#include <cstddef>
#include <vector>

namespace logctl::cli {

struct Column {
  std::size_t width = 0;
  bool cuttable = true;  // its texts may be shortened
  bool empty = false;    // nothing is in it
  bool shown = true;
};

// Fits the columns into `width` (0: everything does), two blanks between them. What costs least
// goes first: columns without anything in them, the ends of long texts, the columns `less`
// (indices, the first one first), more of the texts. What is left then stays, and the terminal
// breaks the line.
void fit(std::vector<Column>& columns, std::size_t width, const std::vector<std::size_t>& less);

}  // namespace logctl::cli
