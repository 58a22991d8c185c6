// The bytes of format version 1, made by another program from docs/spool-format.md: files that were
// written once must be readable for ever.
#include "shared/spool/format.h"

#include "shared/base/crc32c.h"
#include "tests/support/catch.h"
#include "tests/support/spool_world.h"

using namespace logctl;
using namespace logctl::test;

namespace {

constexpr std::string_view kHead =
    "6c6f6773706f6f6c010000000000000030313962633161352d303030302d373030302d383030302d"
    "30303030303030306162636400000000001000000000000000100000000000000030d3f66b480600"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000081b1b446";
constexpr std::string_view kFrames =
    "4c4746310b00000000100000000000000030d3f66b4806000300000002000000970aedf942fa70b6"
    "68656c6c6f2073706f6f6c00000000004c4746310000000038100000000000000030d3f66b480600"
    "010000000000000089495e4859d735dd";
constexpr std::string_view kPosition =
    "logctl spool 1\n"
    "id 019bc1a5-0000-7000-8000-00000000abcd\n"
    "released 4096\n"
    "crc32c 21707ec1\n";
constexpr std::string_view kOpened =
    "logctl spool 1\n"
    "id 019bc1a5-0000-7000-8000-00000000abcd\n"
    "released 4096\n"
    "unproven 4096\n"
    "crc32c 3f6bc785\n";
const std::filesystem::path kSegment = "/spool/00000000000000004096.segment";

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string golden_segment() {
  const std::string sector = from_hex(kHead) + std::string(512 - 128, '\0');
  return sector + sector + from_hex(kFrames);
}

}  // namespace

TEST_CASE("crc32c: known values, in hardware and without", "[crc32c]") {
  CHECK(crc32c("123456789") == 0xe3069283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);  // RFC 3720, B.4
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    CHECK(crc32c(bytes) == crc32c_portable(bytes));
    CHECK(crc32c(bytes.substr(i / 3), crc32c(bytes.substr(0, i / 3))) == crc32c(bytes));
    bytes += static_cast<char>(i * 37);
  }
}

TEST_CASE("spool: writes format version 1 byte by byte", "[spool]") {
  SpoolWorld world;
  world.files.put("/spool/position", std::string(kPosition));
  world.open();
  const std::vector<spool::FrameToWrite> frames = {{{3, 2}, "hello spool"}, {{1, 0}, ""}};
  CHECK(world.files.content("/spool/position") == kOpened);
  world.spool->append(frames);
  world.spool->prove();
  world.close();
  CHECK(world.files.content(kSegment) == golden_segment());
  CHECK(world.files.content("/spool/position") == kPosition);
}

TEST_CASE("spool: reads format version 1", "[spool]") {
  SpoolWorld world;
  world.files.put("/spool/position", std::string(kPosition));
  world.files.put(kSegment, golden_segment());
  world.open();
  auto reader = world.spool->read(4096);
  const auto frame = reader.next();
  REQUIRE(frame);
  CHECK(frame->payload == "hello spool");
  CHECK(frame->counts.received == 3);
  CHECK(frame->written_at == *parse_rfc3339("2026-01-15T12:00:00Z"));
  CHECK(SpoolWorld::read(reader) == std::vector<std::string>{""});
  CHECK(world.spool->figures().written.received == 4);
}
