#include "cli/reference/generated_files.h"

#include "cli/reference/completions.h"
#include "cli/reference/manuals.h"
#include "cli/reference/systemd_units.h"
#include "shared/config/example.h"

namespace logctl::cli {

std::vector<GeneratedFile> generated_files(const CommandInfo& program) {
  std::vector<GeneratedFile> files = {
      {"completions/logctl.bash", bash_completion(program)},
      {"completions/_logctl", zsh_completion(program)},
      {"completions/logctl.fish", fish_completion(program)},
      {"examples/config.yaml", config::example_yaml()},
      {"man/logctl.1", program_manual(program)},
      {"man/logctl-config.5", config_manual()},
      {"man/logctl-spool.5", spool_manual()},
      {"man/logctl-http.7", http_manual()},
  };
  for (const CommandInfo& command : program.commands) {
    files.push_back({"man/logctl-" + command.path + ".1", command_manual(command)});
  }
  const UnitSettings packaged = packaged_units();
  for (const std::string& name : unit_names()) {
    files.push_back({"deploy/systemd/" + name, systemd_unit(packaged, name)});
  }
  return files;
}

}  // namespace logctl::cli
