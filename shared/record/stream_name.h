// What the name of a message stream says: its category, its id, and which member of a consumer
// group it belongs to. Rules of message-db 1.3: `category-id`, where the id may be compound,
// `cardinal+rest`.
//
// Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace logctl {

// Everything before the first `-`; the whole name when there is none.
std::string_view category_of(std::string_view stream);
// A name without a `-` stands for a category, and for a stream without an id.
bool is_category(std::string_view stream);
// Everything after the first `-`, up to the first `+` of it. Nothing for a category.
std::optional<std::string_view> cardinal_id_of(std::string_view stream);

// The first eight bytes of the MD5 of `text`, big-endian.
std::int64_t hash64(std::string_view text);
// hash64 of the cardinal id: streams with the same one go to the same member of a group. Nothing
// for a category, which belongs to no member.
std::optional<std::int64_t> group_hash_of(std::string_view stream);
// |hash| mod size, right for every hash; `size` is at least 1.
std::int64_t member_of(std::int64_t hash, std::int64_t size);

}  // namespace logctl
