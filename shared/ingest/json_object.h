// One JSON object as text, checked and without white space between its tokens. Numbers of any size
// stay the digits that they are. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace logctl::ingest {

// Objects and arrays within each other, at most.
inline constexpr unsigned kMaxDepth = 512;

// Appends `json` to `out`. Throws Error{invalid_json} with the byte when it is no JSON (RFC 8259,
// UTF-8, at most kMaxDepth deep), and Error{validation_error} when it is something else than an
// object or holds what not every store takes: NUL, half a surrogate pair, a number beyond
// PostgreSQL's numeric. Both name `name`; `out` is then as it was.
void append_object(std::string& out, std::string_view json, std::string_view name);

// For the message about text that a parser refused: where it stops being JSON and what would be
// right there, such as "byte 6: found '1', expected ':'". Empty when it is JSON as append_object
// knows it.
std::string json_fault(std::string_view text);

}  // namespace logctl::ingest
