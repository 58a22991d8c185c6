// Every file of the source tree that is made from the program's own tables. scripts/generate.sh
// writes them; a test compares what is committed with what the binary makes.
#pragma once

#include "cli/reference/describe.h"

#include <string>
#include <vector>

namespace logctl::cli {

struct GeneratedFile {
  std::string path;  // below the top of the source tree
  std::string text;
};

std::vector<GeneratedFile> generated_files(const CommandInfo& program);

}  // namespace logctl::cli
