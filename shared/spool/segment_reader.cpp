#include "shared/spool/segment_reader.h"

#include "shared/base/crc32c.h"
#include "shared/spool/format.h"

#include <algorithm>
#include <cstring>

namespace logctl::spool {
namespace {

constexpr std::size_t kWindow = 256 * 1024;
constexpr std::size_t kKeptCapacity = 8 * 1024 * 1024;  // a buffer beyond goes with its frame

}  // namespace

SegmentReader::SegmentReader(std::unique_ptr<RandomFile> file, Position base, std::uint32_t seed)
    : file_(std::move(file)), base_(base), seed_(seed) {}

std::variant<Frame, Gap> SegmentReader::read(Position position, Position limit) {
  const auto head = decode_frame_head(bytes(position, kFrameHeadBytes, limit), position, seed_);
  if (!head || frame_bytes(head->length) > limit - position) return search(position, limit);

  const Position end = position + frame_bytes(head->length);
  const std::string_view payload = bytes(position + kFrameHeadBytes, head->length, limit);
  if (payload.size() != head->length || crc32c(payload, seed_) != head->payload_crc) {
    return Gap{position, end, end, head->counts};
  }
  return Frame{position, end, head->written_at, head->counts, payload};
}

Gap SegmentReader::search(Position begin, Position limit) {
  Gap gap{begin, limit, begin, std::nullopt};
  Position at = begin;
  while (at < limit) {
    const std::string_view window = bytes(at, kWindow, limit);
    if (window.empty()) break;  // the file is shorter than it should be
    std::size_t i = 0;
    for (; i + 8 <= window.size(); i += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, window.data() + i, 8);
      if (word == 0) continue;
      if (at + i > begin && decode_frame_head(window.substr(i), at + i, seed_)) {
        gap.end = gap.used_end = at + i;
        return gap;
      }
      gap.used_end = at + i + 8;
    }
    // A head may lie across two windows; the last window ends with the file or at the limit.
    const bool last = window.size() < kWindow || at + window.size() >= limit;
    if (last) {
      if (window.find_first_not_of('\0', i) != std::string_view::npos) {
        gap.used_end = at + window.size();
      }
      break;
    }
    at += window.size() - kFrameHeadBytes;
  }
  gap.used_end = std::min(gap.used_end, limit);
  return gap;
}

std::string_view SegmentReader::bytes(Position position, std::uint64_t size, Position limit) {
  if (position >= limit) return {};
  const std::size_t wanted = std::min(size, limit - position);
  if (position >= buffered_ && position + wanted <= buffered_ + available_) {
    return {buffer_.get() + (position - buffered_), wanted};
  }

  // What is already here moves to the front of a buffer that is large enough.
  std::size_t kept = 0;
  const char* from = nullptr;
  if (position >= buffered_ && position < buffered_ + available_) {
    kept = buffered_ + available_ - position;
    from = buffer_.get() + (position - buffered_);
  }
  const std::size_t needed = std::max(wanted, kWindow);
  if (capacity_ < needed || (capacity_ > kKeptCapacity && needed <= kKeptCapacity)) {
    auto larger = std::make_unique_for_overwrite<char[]>(needed);
    if (kept > 0) std::memcpy(larger.get(), from, kept);
    buffer_ = std::move(larger);
    capacity_ = needed;
  } else if (kept > 0) {
    std::memmove(buffer_.get(), from, kept);
  }
  buffered_ = position;
  available_ = kept;

  const std::size_t ahead = std::min<std::uint64_t>(needed, limit - position);
  available_ += file_->read_at(kSegmentHeadBytes + (position + kept - base_),
                               {buffer_.get() + kept, ahead - kept});
  return {buffer_.get(), std::min(wanted, available_)};
}

}  // namespace logctl::spool
