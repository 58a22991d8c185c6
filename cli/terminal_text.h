// Text on a terminal: how wide it is, cut to a width, made harmless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

// Columns that valid UTF-8 takes, one per code point.
std::size_t columns(std::string_view text);
// The first `width` columns of valid UTF-8, the last of them an ellipsis when something was cut.
std::string shortened(std::string_view text, std::size_t width);

// The words of the text in lines of at most `width` columns; a longer word has a line of its own.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// Control characters (and bytes that are not UTF-8) as \n, \t, \xNN, so that a log line can neither
// break the table nor command the terminal.
std::string terminal_safe(std::string_view text);

}  // namespace logctl::cli
