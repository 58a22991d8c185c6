#include "shared/base/ids.h"

#include "shared/base/error.h"
#include "shared/base/hash.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <sys/random.h>

namespace logctl {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  if (c == '_') return 63;
  return -1;
}

// Random bytes drawn in pieces of a page, so that an id does not cost a system call.
class RandomPool {
 public:
  void take(std::span<unsigned char> out) {
    if (used_ + out.size() > pool_.size()) {
      random_bytes(pool_);
      used_ = 0;
    }
    for (unsigned char& byte : out) byte = pool_[used_++];
  }

 private:
  std::array<unsigned char, 4096> pool_{};
  std::size_t used_ = pool_.size();
};

}  // namespace

void random_bytes(std::span<unsigned char> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = ::getrandom(out.data() + done, out.size() - done, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(ErrorCode::internal, "getrandom: " + errno_text(errno));
    done += static_cast<std::size_t>(n);
  }
}

void append_uuid_v7(std::string& out, Timestamp now) {
  thread_local RandomPool pool;
  thread_local std::uint64_t last_millis = 0;
  thread_local std::uint32_t counter = 0;

  auto millis =
      static_cast<std::uint64_t>(std::chrono::floor<milliseconds>(now).time_since_epoch().count());
  std::array<unsigned char, 16> id;
  pool.take(std::span(id).subspan(6));
  // rand_a is a 12-bit counter with a random start below half, the method of RFC 9562, 6.2.
  if (millis > last_millis) {
    last_millis = millis;
    counter = ((id[6] << 8U) | id[7]) & 0x7FFU;
  } else {
    millis = last_millis;
    if (++counter > 0xFFFU) {
      millis = ++last_millis;
      counter = 0;
    }
  }
  for (int i = 0; i < 6; ++i) id[i] = static_cast<unsigned char>(millis >> (40 - 8 * i));
  id[6] = static_cast<unsigned char>(0x70U | (counter >> 8U));
  id[7] = static_cast<unsigned char>(counter);
  id[8] = static_cast<unsigned char>(0x80U | (id[8] & 0x3FU));
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
    out.push_back(kHex[id[i] >> 4U]);
    out.push_back(kHex[id[i] & 15U]);
  }
}

std::string uuid_of(std::string_view text) {
  std::string id = sha256_hex(text).substr(0, 32);
  id[12] = '8';
  id[16] = "89ab"[static_cast<unsigned char>(id[16]) % 4];
  for (const std::size_t at : {8U, 13U, 18U, 23U}) id.insert(at, 1, '-');
  return id;
}

std::string uuid_v7(Timestamp now) {
  std::string out;
  out.reserve(36);
  append_uuid_v7(out, now);
  return out;
}

std::string to_hex(std::span<const unsigned char> bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    out.push_back(kHex[byte >> 4U]);
    out.push_back(kHex[byte & 15U]);
  }
  return out;
}

std::string base64url_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8U) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out.push_back(kBase64[(buffer >> bits) & 63U]);
    }
  }
  if (bits > 0) out.push_back(kBase64[(buffer << (6 - bits)) & 63U]);
  return out;
}

bool base64url_decode(std::string_view text, std::string& out) {
  out.clear();
  if (text.size() % 4 == 1) return false;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) return false;
    buffer = (buffer << 6U) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<char>((buffer >> bits) & 255U));
    }
  }
  return (buffer & ((1U << bits) - 1U)) == 0;
}

}  // namespace logctl
