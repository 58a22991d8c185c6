// What messages have in common: the same text with everything that differs from one to the next
// masked. Pure.
#pragma once

#include <string>
#include <string_view>

namespace logctl::query {

inline constexpr std::size_t kMostPatternBytes = 512;

// `message` with <uuid>, <ip>, <hex>, <time> and <n> in the place of such words and numbers; cut
// after kMostPatternBytes.
//   user 42 from 10.0.0.7 took 12.5ms  ->  user <n> from <ip> took <n>ms
std::string pattern_of(std::string_view message);

}  // namespace logctl::query
