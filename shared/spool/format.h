// The bytes of a segment file, version 1; docs/spool-format.md draws and explains them. Pure.
#pragma once

#include "shared/spool/spool.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::spool {

inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kSegmentHeadBytes = 1024;  // the head twice, in two disk sectors
inline constexpr std::size_t kFrameHeadBytes = 40;
inline constexpr std::uint32_t kFrameMagic = 0x3146474c;  // "LGF1"
inline constexpr std::uint32_t kMaxPayloadBytes = 1U << 30;

// Error{drift} when it is not ours.
void check_version(std::uint64_t version);

struct SegmentHead {
  std::string id;
  Position base = 0;          // of the first frame
  Position previous_end = 0;  // where the frames before it end; what lies between was never used
  Timestamp created{};
  Totals before;
};

std::string encode(const SegmentHead& head);
// Nothing when both copies are damaged. Error{drift} when a newer version wrote it.
std::optional<SegmentHead> decode_segment_head(std::string_view bytes);

struct FrameHead {
  Position position = 0;
  Timestamp written_at{};
  FrameCounts counts;
  std::uint32_t length = 0;  // of the payload
  std::uint32_t payload_crc = 0;
};

// What the checksums of a spool's frames begin with, so that bytes of another spool, or those that
// a client planted in a payload, are never taken for a frame.
std::uint32_t frame_seed(std::string_view id);

std::array<char, kFrameHeadBytes> encode(const FrameHead& head, std::uint32_t seed);
// Nothing when `bytes` do not begin with the head of a frame at `position`.
std::optional<FrameHead> decode_frame_head(std::string_view bytes, Position position,
                                           std::uint32_t seed);

// Of a frame with its head, rounded up to eight.
constexpr std::uint64_t frame_bytes(std::uint64_t payload_bytes) {
  return (kFrameHeadBytes + payload_bytes + 7) / 8 * 8;
}

}  // namespace logctl::spool
