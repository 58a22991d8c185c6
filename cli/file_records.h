// Files of JSON lines as questions read them: as `logctl ingest` does, but whatever the age of a
// record, for nothing is taken in.
//
// One thread. Throws Error{not_found, io} for files that cannot be read.
#pragma once

#include "cli/context.h"
#include "shared/record/record.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace logctl::cli {

class Arguments;
class Option;

// --file.
Option add_files(Arguments app, std::vector<std::string>& files);

// What could not be read as a record.
struct BadLines {
  std::uint64_t count = 0;
  std::string first;
};
void tell_bad_lines(const BadLines& bad, Output& out);

// Calls `take` with the records of each piece of the files, in their order; patterns are expanded.
// What was taken is valid until `take` returns.
BadLines read_file_records(Context& context, const std::vector<std::string>& files,
                           const std::string& tenant,
                           const std::function<void(const std::vector<LogRecord>&)>& take);

}  // namespace logctl::cli
