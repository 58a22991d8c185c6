// Reads the frames of one segment file and finds the way on behind damaged ones.
//
// Owns the file and one buffer (a read-ahead window, or the largest frame). One thread. Never looks
// behind the `limit` it is given, because what lies there may still be written.
#pragma once

#include "shared/spool/spool.h"

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

namespace logctl::spool {

// A stretch without a readable frame: damage, or the unused end of the segment.
struct Gap {
  Position begin = 0;
  Position end = 0;       // where the next frame begins, or the limit
  Position used_end = 0;  // behind its last byte that is not zero; `begin` when there is none
  std::optional<FrameCounts> counts;  // when only the payload is damaged
};

class SegmentReader {
 public:
  SegmentReader(std::unique_ptr<RandomFile> file, Position base, std::uint32_t seed);

  // What lies at `position`. The payload is valid until the next call.
  std::variant<Frame, Gap> read(Position position, Position limit);
  // Up to `size` raw bytes from `position` on; fewer at the limit or the end of the file.
  std::string_view bytes(Position position, std::uint64_t size, Position limit);

  Position base() const { return base_; }

 private:
  Gap search(Position begin, Position limit);

  std::unique_ptr<RandomFile> file_;
  Position base_;
  std::uint32_t seed_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  Position buffered_ = 0;      // the position of the buffer's first byte
  std::size_t available_ = 0;  // bytes in the buffer
};

}  // namespace logctl::spool
