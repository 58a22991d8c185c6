#include "cli/file_patterns.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <glob.h>
#include <string_view>
#include <system_error>
#include <utility>

namespace logctl::cli {
namespace {

constexpr std::string_view kRejects = ".rejects.jsonl";

std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  const int result = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  std::vector<std::string> names;
  if (result == 0) names.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  std::erase_if(names, [](const std::string& name) {
    std::error_code ignored;
    return name.ends_with(kRejects) || std::filesystem::is_directory(name, ignored);
  });
  if (names.empty()) {
    throw Error(ErrorCode::not_found, fmt::format("no file matches '{}'", pattern));
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::vector<std::string> expand_files(const std::vector<std::string>& patterns) {
  std::vector<std::string> files;
  const auto add = [&files](std::string name) {
    if (std::ranges::find(files, name) == files.end()) files.push_back(std::move(name));
  };
  for (const std::string& pattern : patterns) {
    std::error_code ignored;
    if (pattern.find_first_of("*?[") == std::string::npos ||
        std::filesystem::exists(pattern, ignored)) {
      add(pattern);
    } else {
      for (std::string& name : matches(pattern)) add(std::move(name));
    }
  }
  return files;
}

}  // namespace logctl::cli
