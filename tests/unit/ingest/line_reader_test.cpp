#include "shared/ingest/line_reader.h"

#include "shared/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <string>

using namespace logctl;
using namespace logctl::ingest;

TEST_CASE("line reader: many short lines come in pieces of bounded number", "[ingest]") {
  const test::TempDir dir;
  std::string text;
  for (int i = 0; i < 250'000; ++i) text += "x\n";
  text += "the last one";
  replace_file(dir.path() / "short", text);
  LineReader reader(dir.path() / "short", {1 << 20, 1000, 64});
  LinePiece piece;
  std::string all;
  std::uint64_t lines = 0;
  while (reader.next(piece)) {
    CHECK(piece.first_line == lines);
    const auto count =
        static_cast<std::uint64_t>(std::count(piece.text.begin(), piece.text.end(), '\n'));
    CHECK(count <= 100'000);
    lines += count;
    all += piece.text;
  }
  CHECK(all == text);
  CHECK(lines == 250'000);
}

TEST_CASE("line reader: chosen parts come with their places and numbers", "[ingest]") {
  const test::TempDir dir;
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(1000 + i) + "\n";
  replace_file(dir.path() / "lines", text + "unfinished");
  const std::size_t most = GENERATE(3, 100, 5000);
  LineReader reader(dir.path() / "lines", {64, 20, 0, most});
  std::string got;
  LinePiece piece;
  const auto read_part = [&] {
    while (reader.next(piece)) {
      CHECK(piece.begin == 5 * piece.first_line);
      CHECK(piece.text == text.substr(piece.begin, piece.bytes));
      CHECK(piece.lines == piece.bytes / 5);
      CHECK(piece.lines <= most);
      got += piece.text;
    }
  };
  reader.go_to(0, 0, 10);
  read_part();
  reader.go_to(500, 100, 1500);
  read_part();
  reader.go_to(1500, 300, 1505);
  read_part();
  reader.go_to(4500, 900, 5000);
  read_part();
  CHECK(got == text.substr(0, 10) + text.substr(500, 1005) + text.substr(4500));
  reader.go_to(5000, 1000);
  REQUIRE(reader.next(piece));
  CHECK(piece.text == "unfinished");
  CHECK(piece.lines == 0);
  CHECK_FALSE(reader.next(piece));
}
