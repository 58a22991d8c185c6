// Tokens of namespaces: `ns_`, the namespace's name in base64url, `_`, 64 lower-case hex digits.
// Only the SHA-256 of a token is ever stored. Pure but for make_token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace logctl::messages {

// Throws Error when there is no randomness.
std::string make_token(std::string_view name_space);

// The namespace that a token names; nothing when it is no token. Split at the last `_`, because
// the name's base64url may hold some.
std::optional<std::string> namespace_of(std::string_view token);

}  // namespace logctl::messages
