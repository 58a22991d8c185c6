#include "shared/messages/token.h"

#include "shared/base/ids.h"
#include "shared/query/text.h"

#include <algorithm>
#include <array>

namespace logctl::messages {
namespace {

constexpr std::string_view kPrefix = "ns_";
constexpr std::size_t kSecretBytes = 32;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string make_token(std::string_view name_space) {
  std::array<unsigned char, kSecretBytes> secret;
  random_bytes(secret);
  return std::string(kPrefix) + base64url_encode(name_space) + "_" + to_hex(secret);
}

std::optional<std::string> namespace_of(std::string_view token) {
  if (!token.starts_with(kPrefix)) return std::nullopt;
  token.remove_prefix(kPrefix.size());
  const std::size_t split = token.rfind('_');
  if (split == std::string_view::npos || split == 0) return std::nullopt;
  const std::string_view secret = token.substr(split + 1);
  if (secret.size() != 2 * kSecretBytes || !std::ranges::all_of(secret, is_hex)) {
    return std::nullopt;
  }
  std::string name_space;
  if (!base64url_decode(token.substr(0, split), name_space)) return std::nullopt;
  if (!query::is_storable_text(name_space)) return std::nullopt;
  return name_space;
}

}  // namespace logctl::messages
