#include "shared/record/stream_name.h"

#include "shared/base/hash.h"

namespace logctl {

std::string_view category_of(std::string_view stream) { return stream.substr(0, stream.find('-')); }

bool is_category(std::string_view stream) { return stream.find('-') == std::string_view::npos; }

std::optional<std::string_view> cardinal_id_of(std::string_view stream) {
  const std::size_t dash = stream.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view id = stream.substr(dash + 1);
  return id.substr(0, id.find('+'));
}

std::int64_t hash64(std::string_view text) { return static_cast<std::int64_t>(md5_64(text)); }

std::optional<std::int64_t> group_hash_of(std::string_view stream) {
  const auto id = cardinal_id_of(stream);
  if (!id) return std::nullopt;
  return hash64(*id);
}

std::int64_t member_of(std::int64_t hash, std::int64_t size) {
  // The remainder is small enough to change its sign; the hash itself may not be.
  const std::int64_t remainder = hash % size;
  return remainder < 0 ? -remainder : remainder;
}

}  // namespace logctl
