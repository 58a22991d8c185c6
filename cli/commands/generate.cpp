// `logctl generate DIRECTORY`: writes completions, man pages, units and the example configuration
// below it. For the build of logctl; scripts/generate.sh calls it.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/reference/generated_files.h"
#include "shared/base/file.h"

#include <filesystem>
#include <memory>
#include <string>

namespace logctl::cli {

void define_generate(Arguments app, Program& program) {
  auto directory = std::make_shared<std::string>();
  app.add_option("DIRECTORY", *directory, "the top of the source tree").required();
  app.callback([app, &program, directory] {
    program.action = [app, directory](Context& context) {
      for (const GeneratedFile& file : generated_files(describe(app.parent()))) {
        const std::filesystem::path path = std::filesystem::path(*directory) / file.path;
        std::filesystem::create_directories(path.parent_path());
        replace_file(path, file.text);
        context.out().raw(file.path + "\n");
      }
      return 0;
    };
  });
}

}  // namespace logctl::cli
