// Identifiers and randomness.
#pragma once

#include "shared/base/clock.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace logctl {

// Fills `out` from the kernel's random source. Thread-safe; throws Error when the kernel refuses.
void random_bytes(std::span<unsigned char> out);

// A UUID version 7 (RFC 9562) for `now`: sorts by time, 36 characters. Thread-safe and monotonic
// within one thread: later calls in the same millisecond sort later.
std::string uuid_v7(Timestamp now);
// The same, appended to `out`.
void append_uuid_v7(std::string& out, Timestamp now);

// A UUID version 8 that depends on nothing but `text`: the start of its SHA-256.
std::string uuid_of(std::string_view text);

std::string to_hex(std::span<const unsigned char> bytes);

// base64url without padding (RFC 4648, 5).
std::string base64url_encode(std::string_view bytes);
// Nothing when `text` holds a character outside the alphabet or has an impossible length.
bool base64url_decode(std::string_view text, std::string& out);

}  // namespace logctl
