#include "cli/arguments.h"
#include "cli/commands/commands.h"

namespace logctl::cli {
namespace {

#if defined(__clang__)
constexpr const char* kCompiler = "clang " __clang_version__;
#else
constexpr const char* kCompiler = "g++ " __VERSION__;
#endif

int version(Context& context) {
  context.out().object({{"version", LOGCTL_VERSION}, {"compiler", kCompiler}});
  return 0;
}

}  // namespace

void define_version(Arguments app, Program& program) {
  app.callback([&program] { program.action = version; });
}

}  // namespace logctl::cli
