// What a key may do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::auth {

enum class Scope : std::uint8_t { none = 0, ingest = 1, read = 2, admin = 4 };

// A set of scopes. `admin` does not imply the others: a key has what it was given.
class Scopes {
 public:
  constexpr Scopes() = default;
  constexpr Scopes(Scope scope) : bits_(static_cast<std::uint8_t>(scope)) {}
  constexpr Scopes operator|(Scopes other) const {
    return Scopes(static_cast<std::uint8_t>(bits_ | other.bits_));
  }
  constexpr bool has(Scope scope) const {
    return (bits_ & static_cast<std::uint8_t>(scope)) == static_cast<std::uint8_t>(scope);
  }
  constexpr Scopes without(Scope scope) const {
    return Scopes(static_cast<std::uint8_t>(bits_ & ~static_cast<unsigned>(scope)));
  }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const Scopes&) const = default;

 private:
  constexpr explicit Scopes(std::uint8_t bits) : bits_(bits) {}
  std::uint8_t bits_ = 0;
};
constexpr Scopes operator|(Scope a, Scope b) { return Scopes(a) | Scopes(b); }

std::string_view scope_name(Scope scope);
// A comma list such as `ingest,read`; nothing on an unknown or empty name.
std::optional<Scopes> parse_scopes(std::string_view text);
std::string format_scopes(Scopes scopes);

}  // namespace logctl::auth
