// A number with what it counts: `1 backup`, `2 backups`. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace logctl::cli {

// For nouns that take an s.
inline std::string counted(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace logctl::cli
