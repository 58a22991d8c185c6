// libFuzzer target: any bytes as the segment of a spool, or any edits of a whole one. Opening and
// reading must end, give nothing that was not written, and leave a spool that takes the next frame.
// Built with clang and -DLOGCTL_FUZZ=ON.
#include "tests/support/spool_world.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::test;

namespace {

const std::vector<std::string> kTexts = {"a", "", std::string(90, 'b'), "LGF1", "the last"};

struct Whole {
  Whole() {
    SpoolWorld world;
    world.settings.segment_bytes = 600;
    world.open();
    for (const std::string& text : kTexts) world.append({text});
    path = world.segment_files().front();
    segment = world.files.content(path);
    position = world.files.content("/spool/position");
  }
  std::filesystem::path path;
  std::string segment;
  std::string position;
};

// Three bytes are an edit: where (two of them) and with what it is changed.
std::string edited(std::string segment, std::string_view edits) {
  for (; edits.size() >= 3; edits.remove_prefix(3)) {
    const auto at = static_cast<std::size_t>(static_cast<unsigned char>(edits[0]) << 8 |
                                             static_cast<unsigned char>(edits[1]));
    char& byte = segment[at % segment.size()];
    byte = static_cast<char>(byte ^ edits[2]);
  }
  return segment;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Whole whole;
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  SpoolWorld world;
  world.files.put("/spool/position", whole.position);
  world.files.put(whole.path, data[0] % 2 == 0 ? bytes : edited(whole.segment, bytes));
  try {
    world.open();
  } catch (const Error&) {
    return 0;  // a newer version, perhaps
  }
  const std::vector<std::string> seen = world.read_all();
  for (const std::string& text : seen) {
    if (std::ranges::find(kTexts, text) == kTexts.end()) std::abort();
  }
  world.append({"next"});
  if (world.read_all().size() != seen.size() + 1) std::abort();
  return 0;
}
