#include "shared/spool/segment_writer.h"

#include "shared/base/crc32c.h"

namespace logctl::spool {

SegmentWriter::SegmentWriter(const Directory& directory, const SegmentHead& head,
                             std::uint64_t bytes)
    : base_(head.base),
      end_(head.base),
      seed_(frame_seed(head.id)),
      file_(directory.make_segment(head, bytes)) {}

void SegmentWriter::append(std::span<const FrameToWrite> frames, Timestamp now) {
  static constexpr std::string_view kZeros("\0\0\0\0\0\0\0", 7);
  heads_.clear();
  heads_.reserve(frames.size());  // parts_ points into it
  parts_.clear();
  Position position = end_;
  for (const FrameToWrite& frame : frames) {
    FrameHead head;
    head.position = position;
    head.written_at = now;
    head.counts = frame.counts;
    head.length = static_cast<std::uint32_t>(frame.payload.size());
    head.payload_crc = crc32c(frame.payload, seed_);
    const std::array<char, kFrameHeadBytes>& bytes = heads_.emplace_back(encode(head, seed_));
    const std::uint64_t size = frame_bytes(frame.payload.size());
    parts_.emplace_back(bytes.data(), bytes.size());
    parts_.push_back(frame.payload);
    parts_.push_back(kZeros.substr(0, size - kFrameHeadBytes - frame.payload.size()));
    position += size;
  }
  file_->write_at(kSegmentHeadBytes + (end_ - base_), parts_);
  end_ = position;
}

}  // namespace logctl::spool
