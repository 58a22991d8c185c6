#include "cli/streams/source.h"

#include "cli/terminal_text.h"
#include "shared/base/error.h"

#include <fmt/format.h>

namespace logctl::cli {

std::unique_ptr<StreamSource> open_source(Context& context, const StreamTarget& target) {
  if (!target.url.empty()) return open_remote_source(context, target);
  if (!target.token_file.empty()) {
    throw Error(ErrorCode::usage, "--token-file goes with --url: the store asks for no token");
  }
  return open_store_source(context, target.name_space.empty() ? "default" : target.name_space);
}

Error wrong_version(std::string_view stream, std::int64_t expected, std::int64_t found) {
  return Error(ErrorCode::conflict,
               fmt::format("stream '{}': expected version {}, found {}{}", terminal_safe(stream),
                           expected, found, found < 0 ? ": there is no message" : ""),
               "read what was written meanwhile, and decide anew");
}

Error no_namespace(std::string_view id) {
  return Error(ErrorCode::not_found, fmt::format("there is no namespace '{}'", terminal_safe(id)),
               fmt::format("`logctl namespaces create {}` makes it, `logctl namespaces list` shows "
                           "them",
                           terminal_safe(id)));
}

}  // namespace logctl::cli
