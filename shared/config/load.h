// Builds the Config from its sources and remembers where each value came from.
//
// Lowest to highest: built-in default, file, environment, --set. Everything that is wrong in all
// sources is collected into one Error{config}, one problem a line. Nothing here reads the process
// environment by itself: it is passed in.
#pragma once

#include "shared/config/config.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::config {

using Environment = std::map<std::string, std::string, std::less<>>;
Environment process_environment();

struct Sources {
  std::string file;              // --config; empty: LOGCTL_CONFIG, then the usual places
  std::vector<std::string> set;  // KEY=VALUE, the last of equal keys wins
  Environment environment;
  bool root = false;  // decides the default of storage.data_dir
  std::filesystem::path working_directory = ".";
  std::filesystem::path system_file = "/etc/logctl/config.yaml";
};

struct Origin {
  enum class Kind { built_in, file, environment, flag };
  Kind kind = Kind::built_in;
  std::string where = "default";  // `FILE:LINE`, a variable's name, `--set`
};

struct Loaded {
  std::shared_ptr<const Config> config;
  std::vector<Origin> origins;  // one per row of options(), in order
  std::filesystem::path file;   // empty when none was found
};

Loaded load(const Sources& sources);

// A place where a configuration file is looked for, best first.
struct Candidate {
  std::filesystem::path path;
  std::string why;        // `--config`, `LOGCTL_CONFIG`, or empty for the usual places
  bool required = false;  // named by a person: missing is an error
};
std::vector<Candidate> candidates(const Sources& sources);

// Where the SQLite store lies when nothing says so: the first of $STATE_DIRECTORY, /var/lib/logctl
// for root, $XDG_STATE_HOME/logctl, ~/.local/state/logctl.
std::filesystem::path default_data_dir(const Environment& environment, bool root);

}  // namespace logctl::config
