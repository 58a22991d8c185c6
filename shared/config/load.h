// Builds the Config from its sources and remembers where each value came from.
//
// Lowest to highest: built-in default, file, environment, --set. Everything that is wrong in all
// sources is collected into one Invalid, one problem a line. Nothing here reads the process
// environment by itself: it is passed in.
#pragma once

#include "shared/base/error.h"
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

// What a layer above the configuration says about one that is right option by option; each call is
// one problem, and `clash` is about two options that do not go together.
struct Complaints {
  std::function<void(std::string_view key, const Error& error)> wrong;
  std::function<void(std::string_view key, std::string_view other, std::string allowed)> clash;
};

struct Sources {
  std::string file;              // --config; empty: LOGCTL_CONFIG, then the usual places
  std::vector<std::string> set;  // KEY=VALUE, the last of equal keys wins
  Environment environment;
  bool root = false;  // decides the default of storage.data_dir
  std::filesystem::path working_directory = ".";
  std::filesystem::path system_file = "/etc/logctl/config.yaml";
  // For values whose form somebody else knows; called when every option could be read.
  std::function<void(const Config&, const Complaints&)> check;
};

struct Origin {
  enum class Kind { built_in, file, environment, flag };
  Kind kind = Kind::built_in;
  std::string where = "default";  // `FILE:LINE`, a variable's name, `--set`
  int line = 0;                   // of a file
};

struct Problem {
  Origin origin;        // `where` is empty when it has no single place
  std::string key;      // empty: not about an option
  std::string message;  // names what was found and what is allowed
  std::string found;    // the same in pieces, where it is about a value
  std::string allowed;
  std::string hint;  // what to do about it; may be empty

  std::string text() const;  // `WHERE: KEY: MESSAGE; HINT`
};

// Error{config} with its problems one by one.
class Invalid : public Error {
 public:
  explicit Invalid(std::vector<Problem> problems);

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

struct Loaded {
  std::shared_ptr<const Config> config;
  std::vector<Origin> origins;  // one per row of options(), in order
  std::filesystem::path file;   // empty when none was found
};

// Throws Invalid, and Error{config} when a file that was asked for cannot be read.
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
