// Reads a YAML configuration as a flat list of entries, and knows nothing about options.
#pragma once

#include "shared/base/error.h"
#include "shared/config/options.h"

#include <string>
#include <string_view>
#include <utility>
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

// Error{config} "NAME:LINE: PROBLEM", with its parts.
class YamlError : public Error {
 public:
  YamlError(const std::string& name, int line, std::string problem)
      : Error(ErrorCode::config, name + ":" + std::to_string(line) + ": " + problem),
        line_(line),
        problem_(std::move(problem)) {}

  int line() const { return line_; }
  const std::string& problem() const { return problem_; }

 private:
  int line_;
  std::string problem_;
};

// Every entry in file order; what lies deeper than two levels is one entry of shape `section`.
// Throws YamlError when the text is not YAML, not a mapping or more than one document.
std::vector<YamlEntry> read_yaml(const std::string& text, const std::string& name);

}  // namespace logctl::config
