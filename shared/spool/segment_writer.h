// Writes one segment file: made whole and durable before its first frame, then appended to.
//
// Owned and called by the writing thread. After an exception from append or sync
// nobody knows what is on disk: do not write on.
#pragma once

#include "shared/spool/directory.h"
#include "shared/spool/format.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace logctl::spool {

class SegmentWriter {
 public:
  // Makes a file with room for `bytes` of frames. When it returns, file and name are on disk.
  // Error{overloaded} when the disk is full; nothing is left behind then.
  SegmentWriter(const Directory& directory, const SegmentHead& head, std::uint64_t bytes);

  // Writes the frames, for which there must be room; they are on disk after the next sync.
  void append(std::span<const FrameToWrite> frames, Timestamp now);
  void sync() { file_->sync(); }

  Position base() const { return base_; }
  Position end() const { return end_; }  // behind the last frame
  const std::shared_ptr<RandomFile>& file() const { return file_; }

 private:
  Position base_;
  Position end_;
  std::uint32_t seed_;
  std::shared_ptr<RandomFile> file_;
  // Reused by every append.
  std::vector<std::array<char, kFrameHeadBytes>> heads_;
  std::vector<std::string_view> parts_;
};

}  // namespace logctl::spool
