// Reads a YAML configuration as a flat list of entries, and knows nothing about options.
#pragma once

#include "shared/config/options.h"

#include <string>
#include <string_view>
#include <vector>

namespace logctl::config {

struct YamlEntry {
  enum class Shape { nothing, scalar, list, section };
  std::string key;  // `server` for a section, `server.port` for what is in it
  int line = 0;     // from 1
  Shape shape = Shape::nothing;
  Items items;                  // of a scalar or list
  std::vector<int> item_lines;  // of each of them
  bool nested = false;          // a list that holds more than plain values
};

// Every entry in file order; what lies deeper than two levels is one entry of shape `section`.
// Throws Error{config} "NAME:LINE: ..." when the text is not YAML or not a mapping.
std::vector<YamlEntry> read_yaml(const std::string& text, const std::string& name);

}  // namespace logctl::config
