// Names of input files as people give them.
#pragma once

#include <string>
#include <vector>

namespace logctl::cli {

// Expands patterns that the shell left alone (quoted, or too many for a command line): * ? [...],
// in sorted order, without folders and without *.rejects.jsonl, which are what an earlier load
// refused. A name that exists is itself, - stays, and of equal names the first counts. Throws
// Error{not_found} naming a pattern that nothing matches.
std::vector<std::string> expand_files(const std::vector<std::string>& patterns);

}  // namespace logctl::cli
