// Torn, flipped and missing bytes: what is whole is read, the rest is counted, told and kept.
#include "shared/base/crc32c.h"
#include "shared/spool/format.h"
#include "tests/support/catch.h"
#include "tests/support/spool_world.h"

using namespace logctl;
using namespace logctl::test;
using spool::Position;

namespace {

using Texts = std::vector<std::string>;
const Texts kTexts = {"a", "", "some text", std::string(100, 'x'), "LGF1", "the last one, whole"};

// One small segment as kill -9 leaves it: frames, then reserved space.
struct SmallSegment {
  SmallSegment() {
    SpoolWorld world;
    world.settings.segment_bytes = 600;
    world.open();
    ends.push_back(0);
    for (const std::string& text : kTexts) ends.push_back(world.append({text}));
    path = world.segment_files().front();
    content = world.files.content(path);
    position = world.files.content("/spool/position");
    world.kill();
  }
  // Which frame the byte of the file belongs to; kTexts.size() for none.
  std::size_t frame_at(std::size_t offset) const {
    for (std::size_t i = 0; i < kTexts.size(); ++i) {
      if (offset >= spool::kSegmentHeadBytes + ends[i] &&
          offset < spool::kSegmentHeadBytes + ends[i + 1]) {
        return i;
      }
    }
    return kTexts.size();
  }
  void open(SpoolWorld& world, std::string damaged) const {
    world.files.put(path, std::move(damaged));
    world.files.put("/spool/position", position);
    world.open();
  }

  std::filesystem::path path;
  std::string content;
  std::string position;
  std::vector<Position> ends;
};

std::filesystem::path corrupt_file(Position begin) {
  const std::string digits = std::to_string(begin);
  return "/spool/corrupt/" + std::string(20 - digits.size(), '0') + digits + ".frame";
}

Texts without(std::size_t i) {
  Texts texts = kTexts;
  if (i < texts.size()) texts.erase(texts.begin() + static_cast<std::ptrdiff_t>(i));
  return texts;
}

}  // namespace

TEST_CASE("spool: a flipped byte anywhere costs at most the frame that it hits", "[spool]") {
  const SmallSegment segment;
  for (std::size_t offset = 0; offset < segment.content.size(); ++offset) {
    for (const char bits : {'\x01', '\x80', '\xff'}) {
      INFO("offset " << offset);
      std::string damaged = segment.content;
      damaged[offset] = static_cast<char>(damaged[offset] ^ bits);
      SpoolWorld world;
      segment.open(world, damaged);
      const std::size_t hit = segment.frame_at(offset);
      const Texts seen = world.read_all();
      const auto figures = world.spool->figures();
      const bool last = hit + 1 == kTexts.size();
      if (seen == kTexts) {
        // The other copy of the head, padding, or reserved space.
        CHECK(figures.corrupt_frames == 0);
      } else {
        REQUIRE(hit < kTexts.size());
        REQUIRE(seen == without(hit));
        CHECK(figures.corrupt_frames == (last ? 0 : 1));
        CHECK((figures.torn_bytes > 0) == last);
        CHECK(world.told.size() == 1);
        CHECK(world.files.exists(corrupt_file(segment.ends[hit])) == !last);
      }
      world.append({"next"});
      CHECK(world.read_all().size() == seen.size() + 1);
      CHECK(world.spool->figures().corrupt_frames == figures.corrupt_frames);  // counted once
    }
  }
}

TEST_CASE("spool: a tail torn at any byte is cut and counted", "[spool]") {
  const SmallSegment segment;
  const bool zeros = GENERATE(false, true);
  const std::size_t used = spool::kSegmentHeadBytes + segment.ends.back();
  for (std::size_t size = 0; size < used; ++size) {
    INFO("cut at " << size);
    std::string damaged = segment.content.substr(0, size);
    if (zeros) damaged.resize(segment.content.size());
    SpoolWorld world;
    segment.open(world, damaged);
    Texts expected;
    const std::size_t torn = size < spool::kSegmentHeadBytes ? 0 : segment.frame_at(size);
    expected.assign(kTexts.begin(), kTexts.begin() + static_cast<std::ptrdiff_t>(torn));
    Texts seen = world.read_all();
    // Where only padding is missing nothing is torn.
    if (seen.size() == torn + 1) expected.push_back(kTexts[torn]);
    REQUIRE(seen == expected);
    CHECK(world.spool->figures().corrupt_frames == 0);
    if (size >= spool::kSegmentHeadBytes) {
      CHECK(world.spool->figures().written.frames == seen.size());
    }
    world.append({"next"});
    seen.push_back("next");
    CHECK(world.read_all() == seen);
    world.open();
    CHECK(world.read_all() == seen);
    CHECK(world.spool->figures().torn_bytes == 0);
  }
}

TEST_CASE("spool: damage in a segment that is not the last is never taken for a torn tail",
          "[spool]") {
  SpoolWorld world;
  world.open();
  for (std::size_t i = 0; i < 8; ++i) world.append({numbered(i, 1500)});
  world.close();
  const auto first = world.segment_files().front();
  std::string content = world.files.content(first);
  content.back() = 'Y';
  content[content.size() - 200] = 'Y';  // in the last frame of the first segment
  world.files.put(first, content);
  world.open();
  const Texts seen = world.read_all();
  CHECK(seen.size() == 7);
  CHECK(world.spool->figures().written.frames == 8);
  CHECK(world.spool->figures().torn_bytes == 0);
  CHECK(world.spool->figures().corrupt_frames == 1);
  CHECK(world.spool->figures().corrupt_bytes == 1544);
  std::size_t found = 0;
  (void)spool::inspect(
      world.files, "/spool", [&](const spool::Frame& frame) { found += frame.damaged ? 0 : 1; },
      world.damage());
  CHECK(found == 7);
}

TEST_CASE("spool: what was set aside is counted until it is moved away", "[spool]") {
  SpoolWorld world;
  world.open();
  for (std::size_t i = 0; i < 9; ++i) world.append({numbered(i, 1500)});
  const Position end = world.spool->figures().end;
  const auto segments = world.segment_files();
  world.close();
  std::string content = world.files.content(segments[0]);
  content[spool::kSegmentHeadBytes + 100] ^= 1;  // in the first payload
  world.files.put(segments[0], content);
  world.files.remove(segments[2]);

  world.open();
  auto reader = world.spool->read(0);
  const auto damaged = reader.next();
  REQUIRE(damaged);
  CHECK(damaged->damaged);
  CHECK(damaged->payload.empty());
  CHECK(damaged->counts.received == 3);
  CHECK(damaged->end == 1544);
  while (reader.next()) {
  }
  CHECK(world.spool->figures().corrupt_frames == 2);
  // Neither reading it again nor being past it changes that.
  world.open();
  CHECK(world.spool->figures().corrupt_frames == 2);
  CHECK(world.read_all().size() == 6);
  CHECK(world.spool->figures().corrupt_frames == 2);
  world.spool->release(end);
  world.open();
  CHECK(world.read_all().empty());
  CHECK(world.spool->figures().corrupt_frames == 2);
  CHECK(world.spool->figures().corrupt_bytes >= 1544);
  CHECK(spool::inspect(world.files, "/spool", {}, world.damage()).corrupt_frames == 2);
  world.close();
  world.files.remove(corrupt_file(0));
  world.files.remove(corrupt_file(4 * 1544));
  world.open();
  CHECK(world.spool->figures().corrupt_frames == 0);
}

TEST_CASE("spool: missing and surplus files", "[spool]") {
  SpoolWorld world;
  world.open();
  for (std::size_t i = 0; i < 9; ++i) world.append({numbered(i, 1500)});
  const std::string id = world.spool->id();
  const auto segments = world.segment_files();
  REQUIRE(segments.size() == 5);
  const Position end = world.spool->figures().end;

  SECTION("a segment is gone from the middle") {
    world.close();
    world.files.remove(segments[2]);
    world.open();
    CHECK(world.read_all().size() == 7);
    CHECK(world.spool->figures().corrupt_bytes == 2 * 1544);
    CHECK(world.spool->figures().written.frames == 9);
  }
  SECTION("the first one is gone") {
    world.close();
    world.files.remove(segments[0]);
    world.open();
    CHECK(world.read_from(0).size() == 7);
  }
  SECTION("the last one is gone") {
    world.close();
    world.files.remove(segments[4]);
    world.open();
    CHECK(world.read_all().size() == 8);
  }
  SECTION("one goes under a reader") {
    world.files.remove(segments[2]);
    CHECK(world.read_all().size() == 7);
    CHECK(world.spool->figures().corrupt_bytes == 2 * 1544);
  }
  SECTION("a released one is still there") {
    const std::string old = world.files.content(segments[0]);
    world.spool->release(end);
    world.kill();
    world.files.put(segments[0], old);
    world.open();
    CHECK(world.segment_files().size() == 1);
    CHECK(world.read_all().empty());
    CHECK(world.told.empty());
  }
  SECTION("the position file is gone or damaged") {
    world.close();
    const bool gone = GENERATE(false, true);
    if (gone) {
      world.files.remove("/spool/position");
    } else {
      world.files.put("/spool/position", "logctl spool 1\nid " + id + "\nreleased 1544\n");
    }
    world.open();
    CHECK(world.spool->id() == id);
    CHECK(world.read_all().size() == 9);
    CHECK(world.told.size() == (gone ? 0 : 1));
  }
  SECTION("a segment of another spool") {
    SpoolWorld other;
    other.open();
    other.append({"foreign"});
    other.close();
    world.close();
    const std::filesystem::path foreign = "/spool/00000000000000009999.segment";
    world.files.put(foreign, other.files.content(other.segment_files().front()));
    world.files.put("/spool/notes.txt", "hello");
    world.open();
    CHECK(world.read_all().size() == 9);
    CHECK(world.files.exists(foreign));
    CHECK(world.told.size() == 1);
  }
}

TEST_CASE("spool: a newer format is refused, naming both, and left alone", "[spool]") {
  const SmallSegment segment;
  std::string content = segment.content;
  for (const std::size_t copy : {0, 512}) {
    content[copy + 8] = 7;
    const std::uint32_t crc = crc32c(std::string_view(content).substr(copy, 124));
    for (std::size_t i = 0; i < 4; ++i) {
      content[copy + 124 + i] = static_cast<char>(crc >> (8 * i));
    }
  }
  SpoolWorld world;
  try {
    segment.open(world, content);
    FAIL("it was opened");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::drift);
    CHECK(error.message() == "spool: written in format 7, this program knows 1");
  }
  CHECK(world.files.operations() == 0);
}

TEST_CASE("spool: a frame in a payload is never taken for a frame", "[spool]") {
  SpoolWorld world;
  world.open();
  // Made for the very place where it will lie, but without the seed of this spool.
  spool::FrameHead planted;
  planted.position = 40 + 40;
  const auto head = encode(planted, spool::frame_seed("another spool"));
  world.append({std::string(40, 'p') + std::string(head.data(), head.size()), "whole"});
  world.close();
  const auto path = world.segment_files().front();
  std::string content = world.files.content(path);
  content[spool::kSegmentHeadBytes] = 'X';
  world.files.put(path, content);
  world.open();
  CHECK(world.read_all() == Texts{"whole"});
}
