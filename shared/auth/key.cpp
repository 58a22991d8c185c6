#include "shared/auth/key.h"

#include "shared/base/hash.h"
#include "shared/base/ids.h"

#include <array>
#include <cstdint>

namespace logctl::auth {
namespace {

constexpr std::string_view kAlphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kPrefix = "lgc_";
constexpr std::string_view kKinds = "iram";
constexpr std::size_t kIdAt = kPrefix.size() + 2;  // after the kind and its underscore
constexpr std::size_t kIdSize = 8;
constexpr std::size_t kSecretSize = 32;
constexpr std::size_t kChecksumSize = 6;  // 62^6 > 2^32
constexpr std::size_t kChecksumAt = kIdAt + kIdSize + kSecretSize;
constexpr std::size_t kKeySize = kChecksumAt + kChecksumSize;

char kind_of(Scopes scopes) {
  if (scopes.has(Scope::admin)) return 'a';
  if (scopes == Scopes(Scope::ingest)) return 'i';
  if (scopes == Scopes(Scope::read)) return 'r';
  return 'm';
}

// Every character is equally likely: bytes at or above the largest multiple of 62 are drawn again.
void append_random(std::string& out, std::size_t count) {
  constexpr unsigned kLimit = 256 / 62 * 62;
  std::array<unsigned char, 64> bytes{};
  std::size_t used = bytes.size();
  while (count > 0) {
    if (used == bytes.size()) {
      random_bytes(bytes);
      used = 0;
    }
    const unsigned byte = bytes[used++];
    if (byte >= kLimit) continue;
    out += kAlphabet[byte % 62];
    --count;
  }
}

std::array<char, kChecksumSize> checksum(std::string_view text) {
  std::array<char, kChecksumSize> out{};
  std::uint32_t value = crc32(text);
  for (auto c = out.rbegin(); c != out.rend(); ++c) {
    *c = kAlphabet[value % 62];
    value /= 62;
  }
  return out;
}

}  // namespace

NewKey generate_key(Scopes scopes) {
  NewKey key;
  key.secret.reserve(kKeySize);
  key.secret += kPrefix;
  key.secret += kind_of(scopes);
  key.secret += '_';
  append_random(key.secret, kIdSize + kSecretSize);
  const auto sum = checksum(key.secret);
  key.secret.append(sum.data(), sum.size());
  key.id = key.secret.substr(kIdAt, kIdSize);
  key.hash = hash_key(key.secret);
  return key;
}

std::optional<std::string_view> key_id(std::string_view key) {
  if (key.size() != kKeySize || !key.starts_with(kPrefix) || key[kIdAt - 1] != '_' ||
      kKinds.find(key[kPrefix.size()]) == std::string_view::npos ||
      key.find_first_not_of(kAlphabet, kIdAt) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto sum = checksum(key.substr(0, kChecksumAt));
  if (key.substr(kChecksumAt) != std::string_view(sum.data(), sum.size())) return std::nullopt;
  return key.substr(kIdAt, kIdSize);
}

std::string hash_key(std::string_view key) { return sha256_hex(key); }

}  // namespace logctl::auth
