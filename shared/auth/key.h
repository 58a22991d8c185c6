// API keys: their text, their check sum, their hash.
//
// `lgc_<kind>_<8 characters key id><32 characters secret><6 characters CRC-32>`, base62. The kind
// is a letter for people and secret scanners: i ingest, r read, a with admin, m any other mixture.
// The id is public; the check sum (of everything before it) lets typing errors and junk be refused
// without a look-up. 190 random bits make a plain SHA-256 at rest enough: there is nothing to guess
// slowly. Modelled on the formats described by GitHub and Stripe.
#pragma once

#include "shared/auth/scope.h"

#include <optional>
#include <string>
#include <string_view>

namespace logctl::auth {

struct NewKey {
  std::string id;
  std::string secret;  // the whole key, shown once
  std::string hash;    // what is stored
};
NewKey generate_key(Scopes scopes);

// The id inside a well-formed key whose check sum is right; nothing otherwise.
std::optional<std::string_view> key_id(std::string_view key);

// SHA-256 in lower-case hex.
std::string hash_key(std::string_view key);

}  // namespace logctl::auth
