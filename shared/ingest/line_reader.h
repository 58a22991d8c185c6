// Whole lines from a file or standard input, in pieces of bounded size: plain, gzip or zstd by
// magic number.
//
// One thread. A pipe that falls silent hands out the lines it has, so that
// following a growing log works. Throws Error when reading fails or the data is damaged or cut off,
// after the whole lines before that were handed out.
#pragma once

#include "shared/base/compression.h"
#include "shared/base/file.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::ingest {

// A line that is longer than a piece; only its start is kept.
struct OverlongLine {
  std::string start;
  std::uint64_t bytes = 0;
};

struct LinePiece {
  std::string text;  // whole lines (the last one of the input may lack its newline), with `padding`
                     // bytes of spare capacity
  std::optional<OverlongLine> overlong;  // then `text` is empty
  std::uint64_t begin = 0;               // where it stands in the text of the input
  std::uint64_t first_line = 0;          // its number in the input, from 0
  std::uint64_t lines = 0;               // that end with a newline
  std::uint64_t bytes = 0;               // of text, newlines included
  std::uint64_t read_bytes = 0;          // of the file until now, as it lies there
};

class LineReader {
 public:
  struct Limits {
    std::size_t piece_bytes = 0;
    std::size_t max_line_bytes = 0;  // lines up to this length are never cut, whatever the piece
    std::size_t padding = 0;
    std::size_t max_lines = 100'000;  // of a piece
  };
  static constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

  static constexpr std::size_t kFirstLine = 64 * 1024;

  // `path` `-` is standard input. A thread that waits for a silent pipe comes back soon, as if at
  // the end, once `cancelled` is set.
  LineReader(const std::filesystem::path& path, Limits limits,
             const std::atomic<bool>* cancelled = nullptr);

  // Fills `piece`; false at the end of the input, or of the part that go_to() chose.
  bool next(LinePiece& piece);
  // Goes on at the offset `begin` of the text, the start of the line number `line`, up to `end`,
  // the end of a line. Never back: parts come in order.
  void go_to(std::uint64_t begin, std::uint64_t line, std::uint64_t end = kNoEnd);
  // The first line of the input, as far as kFirstLine bytes go. Only before anything else.
  std::string_view first_line();
  std::uint64_t next_line() const {
    return next_line_;
  }  // the number that the next piece starts with

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  void fill(std::string& text);
  void skip_text(std::uint64_t bytes);
  std::size_t cut_after_lines(std::string& text);
  void skip_overlong(LinePiece& piece);
  std::size_t read_text(std::span<char> out);
  std::size_t read_file(std::span<char> out);
  void detect();
  // Whether a read would not wait; waits for that until `deadline`.
  bool readable_before(Deadline deadline) const;

  const Limits limits_;
  File file_;
  bool regular_ = false;
  std::unique_ptr<Decompressor> decompressor_;  // null: plain text
  std::vector<char> input_;                     // compressed, or the first bytes of plain text
  std::string_view pending_;                    // of input_, not yet used
  std::string carry_;                           // an unfinished line, or lines beyond max_lines
  std::size_t wanted_;                          // bytes that hold about max_lines
  std::uint64_t offset_ = 0;                    // of the text, where the next piece begins
  std::uint64_t end_ = kNoEnd;
  std::uint64_t next_line_ = 0;
  std::uint64_t read_bytes_ = 0;
  bool file_ended_ = false;
  bool text_ended_ = false;
  std::exception_ptr damage_;
  const std::atomic<bool>* const cancelled_;
};

}  // namespace logctl::ingest
