// Sets of characters in regular expressions, as ranges of code points, and how they are written.
// Names mean ASCII. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::query {

using CharRanges = std::vector<std::pair<char32_t, char32_t>>;  // both ends inclusive

// alpha, digit, ...: what stands in [:alpha:].
std::optional<CharRanges> find_class(std::string_view name);
// All of them: "[:alnum:] [:alpha:] ...".
std::string class_names();
// \d \w \s, and in capitals everything else.
std::optional<CharRanges> class_of(char32_t letter);

// Sorted and apart from each other.
CharRanges merged(CharRanges ranges);
// ASCII letters in the other case as well.
void add_other_case(CharRanges& ranges);

void append_utf8(std::string& out, char32_t c);
// As it stands between [ and ].
void append_range(std::string& out, char32_t first, char32_t last);

}  // namespace logctl::query
