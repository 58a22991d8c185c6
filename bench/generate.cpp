// logctl-generate FORMAT COUNT [STEP_MICROS [RUN [FIRST]]]: writes generated records, counted from
// FIRST, to stdout as ndjson, copy or csv.
#include "bench/records.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: logctl-generate ndjson|copy|csv COUNT [STEP_MICROS [RUN [FIRST]]]\n",
               stderr);
    return 2;
  }
  const std::string_view format = argv[1];
  const std::uint64_t count = std::strtoull(argv[2], nullptr, 10);
  logctl::bench::RecordShape shape;
  if (argc > 3) shape.step_micros = std::strtoll(argv[3], nullptr, 10);
  if (argc > 4) shape.run = argv[4];
  const std::uint64_t first = argc > 5 ? std::strtoull(argv[5], nullptr, 10) : 0;
  if (format != "ndjson" && format != "copy" && format != "csv") {
    std::fputs("logctl-generate: the format is ndjson, copy or csv\n", stderr);
    return 2;
  }
  std::string out;
  for (std::uint64_t n = first; n < first + count; ++n) {
    if (format == "ndjson") {
      logctl::bench::append_record(out, n, shape);
      out.push_back('\n');
    } else if (format == "copy") {
      logctl::bench::append_copy_line(out, n, shape);
    } else {
      logctl::bench::append_csv_line(out, n, shape);
    }
    if (out.size() > (1U << 20U) || n + 1 == first + count) {
      if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size()) return 1;
      out.clear();
    }
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
