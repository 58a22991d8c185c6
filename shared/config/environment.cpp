#include "shared/config/load.h"

#include <unistd.h>

namespace logctl::config {
namespace {

std::string_view variable(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view() : found->second;
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

std::vector<Candidate> candidates(const Sources& sources) {
  if (!sources.file.empty()) return {{sources.file, "--config", true}};
  if (const auto named = variable(sources.environment, "LOGCTL_CONFIG"); !named.empty()) {
    return {{std::filesystem::path(named), "LOGCTL_CONFIG", true}};
  }
  std::vector<Candidate> found = {
      {sources.working_directory / "config.yaml", {}, false},
      {sources.working_directory / "config" / "config.yaml", {}, false},
  };
  const auto xdg = variable(sources.environment, "XDG_CONFIG_HOME");
  const auto home = variable(sources.environment, "HOME");
  if (!xdg.empty()) {
    found.push_back({std::filesystem::path(xdg) / "logctl" / "config.yaml", {}, false});
  } else if (!home.empty()) {
    found.push_back(
        {std::filesystem::path(home) / ".config" / "logctl" / "config.yaml", {}, false});
  }
  found.push_back({sources.system_file, {}, false});
  return found;
}

std::filesystem::path default_data_dir(const Environment& environment, bool root) {
  // systemd gives a colon-separated list when a unit has several state directories.
  const auto state = variable(environment, "STATE_DIRECTORY");
  if (!state.empty()) return std::filesystem::path(state.substr(0, state.find(':')));
  if (root) return "/var/lib/logctl";
  const auto xdg = variable(environment, "XDG_STATE_HOME");
  if (!xdg.empty()) return std::filesystem::path(xdg) / "logctl";
  const auto home = variable(environment, "HOME");
  if (!home.empty()) return std::filesystem::path(home) / ".local" / "state" / "logctl";
  return "logctl-data";
}

}  // namespace logctl::config
