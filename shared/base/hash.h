// SHA-256, for identifying texts (migration steps) and storing keys; CRC-32, for finding what was
// mistyped or torn; MD5, where a protocol demands it. Thread-safe, no state.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace logctl {

// The digest of `bytes` in 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);
// The same for bytes that come in pieces; one thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(std::string_view bytes);
  // 64 lower-case hex digits of everything so far. Ends it.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};
// Compares without telling by its time where the difference is.
bool equal_constant_time(std::string_view a, std::string_view b);

// 128 bits that stand for a text: two different texts have the same ones with no chance worth
// counting, and nobody who does not know the seed can make two that have.
struct Fingerprint {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const Fingerprint&) const = default;
};
Fingerprint fingerprint(std::string_view bytes, std::uint64_t seed);

// The first eight bytes of the MD5 of `bytes`, big-endian. Not for secrets.
std::uint64_t md5_64(std::string_view bytes);

// The CRC-32 of zlib, gzip and PNG.
std::uint32_t crc32(std::string_view bytes);

}  // namespace logctl
