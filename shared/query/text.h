// What text a store takes: UTF-8 without NUL. Checked before a value becomes a parameter, so that
// a bad byte is the asker's error and not the store's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace logctl::query {

// Well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF) without NUL.
bool is_storable_text(std::string_view text);

// Between quotes, with a backslash before quotes and backslashes.
std::string in_quotes(std::string_view text);

// Where the byte at `at` stands for a reader: the number of its character, from 1. Other bytes than
// UTF-8 count one by one.
std::size_t column_of(std::string_view text, std::size_t at);

}  // namespace logctl::query
