#include "shared/spool/format.h"

#include "shared/base/crc32c.h"

#include <cstdint>

namespace logctl::spool {
namespace {

constexpr std::string_view kSegmentMagic = "logspool";
constexpr std::size_t kHeadBytes = 128;  // of one copy; the rest of its sector is zero
constexpr std::size_t kSectorBytes = 512;
constexpr std::size_t kIdBytes = 36;

// Little-endian on every machine.
template <typename T>
void put(char* at, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) at[i] = static_cast<char>(value >> (8 * i));
}

template <typename T>
T get(const char* at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<T>(static_cast<unsigned char>(at[i])) << (8 * i);
  }
  return value;
}

std::optional<SegmentHead> decode_copy(std::string_view bytes) {
  if (!bytes.starts_with(kSegmentMagic)) return std::nullopt;
  const char* at = bytes.data();
  // Checked before the version: a flipped bit is damage, not the future.
  if (crc32c(bytes.substr(0, kHeadBytes - 4)) != get<std::uint32_t>(at + kHeadBytes - 4)) {
    return std::nullopt;
  }
  check_version(get<std::uint32_t>(at + 8));
  SegmentHead head;
  head.id = bytes.substr(16, kIdBytes);
  head.base = get<std::uint64_t>(at + 56);
  head.previous_end = get<std::uint64_t>(at + 64);
  head.created = from_micros(static_cast<std::int64_t>(get<std::uint64_t>(at + 72)));
  head.before = {get<std::uint64_t>(at + 80), get<std::uint64_t>(at + 88),
                 get<std::uint64_t>(at + 96)};
  return head;
}

}  // namespace

void check_version(std::uint64_t version) {
  if (version == kVersion) return;
  throw Error(ErrorCode::drift,
              "spool: written in format " + std::to_string(version) + ", this program knows " +
                  std::to_string(kVersion),
              "drain it with the version of logctl that wrote it");
}

std::string encode(const SegmentHead& head) {
  std::string bytes(kSegmentHeadBytes, '\0');
  char* at = bytes.data();
  bytes.replace(0, kSegmentMagic.size(), kSegmentMagic);
  put(at + 8, kVersion);
  bytes.replace(16, kIdBytes, head.id, 0, kIdBytes);
  at = bytes.data();
  put(at + 56, head.base);
  put(at + 64, head.previous_end);
  put(at + 72, static_cast<std::uint64_t>(to_micros(head.created)));
  put(at + 80, head.before.frames);
  put(at + 88, head.before.received);
  put(at + 96, head.before.records);
  put(at + kHeadBytes - 4, crc32c({at, kHeadBytes - 4}));
  bytes.replace(kSectorBytes, kHeadBytes, bytes, 0, kHeadBytes);
  return bytes;
}

std::optional<SegmentHead> decode_segment_head(std::string_view bytes) {
  if (bytes.size() < kSegmentHeadBytes) return std::nullopt;
  if (auto head = decode_copy(bytes)) return head;
  return decode_copy(bytes.substr(kSectorBytes));
}

std::uint32_t frame_seed(std::string_view id) { return crc32c(id); }

std::array<char, kFrameHeadBytes> encode(const FrameHead& head, std::uint32_t seed) {
  std::array<char, kFrameHeadBytes> bytes;
  char* at = bytes.data();
  put(at, kFrameMagic);
  put(at + 4, head.length);
  put(at + 8, head.position);
  put(at + 16, static_cast<std::uint64_t>(to_micros(head.written_at)));
  put(at + 24, head.counts.received);
  put(at + 28, head.counts.records);
  put(at + 32, head.payload_crc);
  put(at + 36, crc32c({at, 36}, seed));
  return bytes;
}

std::optional<FrameHead> decode_frame_head(std::string_view bytes, Position position,
                                           std::uint32_t seed) {
  if (bytes.size() < kFrameHeadBytes) return std::nullopt;
  const char* at = bytes.data();
  if (get<std::uint32_t>(at) != kFrameMagic || get<std::uint64_t>(at + 8) != position ||
      get<std::uint32_t>(at + 36) != crc32c({at, 36}, seed)) {
    return std::nullopt;
  }
  FrameHead head;
  head.length = get<std::uint32_t>(at + 4);
  head.position = position;
  head.written_at = from_micros(static_cast<std::int64_t>(get<std::uint64_t>(at + 16)));
  head.counts = {get<std::uint32_t>(at + 24), get<std::uint32_t>(at + 28)};
  head.payload_crc = get<std::uint32_t>(at + 32);
  return head;
}

}  // namespace logctl::spool
