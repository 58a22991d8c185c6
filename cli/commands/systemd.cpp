#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/reference/systemd_units.h"
#include "shared/base/error.h"

#include <filesystem>
#include <memory>
#include <string>

namespace logctl::cli {
namespace {

struct Options {
  std::string name = "logctl.service";
  std::string binary;
};

std::string own_path() {
  std::error_code failed;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? "/usr/bin/logctl" : path.string();
}

int print_unit(Context& context, const Options& options) {
  UnitSettings settings;
  settings.binary = options.binary.empty() ? own_path() : options.binary;
  settings.loaded = context.loaded();
  settings.environment = context.environment();
  context.out().raw(systemd_unit(settings, options.name));
  return 0;
}

}  // namespace

void define_systemd(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  Arguments unit = app.add_subcommand(
      "unit", "print a unit with the paths, sockets and secrets of the present configuration");
  unit.add_option("UNIT", options->name, "which one").show_default().one_of(unit_names());
  unit.add_option("--binary", options->binary, "path of logctl in the unit; default this program")
      .type_name("FILE");
  unit.callback([&program, options] {
    program.action = [options](Context& context) { return print_unit(context, *options); };
  });
}

}  // namespace logctl::cli
