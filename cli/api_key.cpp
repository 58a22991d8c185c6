#include "cli/api_key.h"

#include "shared/base/error.h"
#include "shared/base/file.h"

namespace logctl::cli {

std::string api_key(const config::Environment& environment) {
  const auto key = environment.find("LOGCTL_API_KEY");
  const auto file = environment.find("LOGCTL_API_KEY_FILE");
  if (key != environment.end() && file != environment.end()) {
    throw Error(ErrorCode::config, "LOGCTL_API_KEY and LOGCTL_API_KEY_FILE are both set",
                "keep the one that is meant");
  }
  if (key != environment.end()) return key->second;
  if (file == environment.end()) return {};
  std::string text = read_file(file->second);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace logctl::cli
