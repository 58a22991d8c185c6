// How wide the columns of a table are on a terminal.
#pragma once

#include <cstddef>
#include <vector>

namespace logctl::cli {

struct Column {
  std::size_t width = 0;
  bool cuttable = true;  // its texts may be shortened
};

// Narrows the columns until they fit into `width` (0: everything does), two blanks between them:
// the last one first, which holds the longest text by convention, then always the widest. What
// cannot be cut any further stays, and the terminal breaks the line.
void fit(std::vector<Column>& columns, std::size_t width);

}  // namespace logctl::cli
