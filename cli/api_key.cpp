#include "cli/api_key.h"

#include "shared/base/error.h"
#include "shared/base/file.h"

#include <iostream>
#include <iterator>

namespace logctl::cli {
namespace {

void drop_line_end(std::string& text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
}

std::string secret_of(const config::Environment& environment, const std::string& variable) {
  const std::string with_file = variable + "_FILE";
  const auto value = environment.find(variable);
  const auto file = environment.find(with_file);
  if (value != environment.end() && file != environment.end()) {
    throw Error(ErrorCode::config, variable + " and " + with_file + " are both set",
                "keep the one that is meant");
  }
  if (value != environment.end()) return value->second;
  if (file == environment.end()) return {};
  std::string text = read_file(file->second);
  drop_line_end(text);
  return text;
}

}  // namespace

std::string api_key(const config::Environment& environment) {
  return secret_of(environment, "LOGCTL_API_KEY");
}

std::string namespace_token(const config::Environment& environment) {
  return secret_of(environment, "LOGCTL_TOKEN");
}

std::string read_secret(const std::string& file) {
  std::string text =
      file == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : read_file(file);
  drop_line_end(text);
  if (text.empty()) {
    throw Error(ErrorCode::usage,
                (file == "-" ? std::string("standard input") : "'" + file + "'") + " is empty");
  }
  return text;
}

}  // namespace logctl::cli
