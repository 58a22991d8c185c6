// What a command's action may use: the global options, the configuration and the store (both made
// on first use), the clock, the output.
//
// Made after parsing, lives as long as the action. One thread; what `backend()` returns is as
// thread-safe as its interfaces say.
#pragma once

#include "cli/key_secret.h"
#include "cli/output.h"
#include "shared/base/clock.h"
#include "shared/config/load.h"
#include "shared/storage/backend.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::cli {

struct Globals {
  std::string config_file;
  std::vector<std::string> set;  // KEY=VALUE
  OutputFormat output = OutputFormat::automatic;
  SecretFormat secret = SecretFormat::none;
  bool quiet = false;
  int verbose = 0;
  bool no_color = false;
  bool utc = false;        // exact times in tables
  bool read_only = false;  // not from the command line: open stores without changing anything
};

class Context {
 public:
  Context(Globals globals, config::Environment environment, const Clock& clock, Output& out)
      : globals_(std::move(globals)),
        environment_(std::move(environment)),
        clock_(clock),
        out_(out) {}

  const Globals& globals() const { return globals_; }
  const config::Environment& environment() const { return environment_; }
  const Clock& clock() const { return clock_; }
  Output& out() { return out_; }

  // What the configuration is loaded from; a daemon loads again from it on reload.
  config::Sources sources() const;
  const config::Loaded& loaded();
  std::shared_ptr<const config::Config> config() { return loaded().config; }

  // The store as it is. The first call decides on the connections: with `writers`, as many appends
  // as that make progress at once where the store can do it.
  storage::Backend& backend(std::uint32_t writers = 1);
  // The store with exactly the schema that this binary expects: SQLite is migrated on the way, any
  // other store is refused with the command to run.
  storage::Backend& migrated_backend(std::uint32_t writers = 1);
  // Throws Error{not_found} when it is a SQLite store that was never made.
  void require_store();
  // migrated_backend(), for commands that have nothing to do in a store that was never made: they
  // do not make one where a directory was mistyped.
  storage::Backend& existing_backend();
  // The same, or nothing when it was never made: for saying what would be done to it.
  storage::Backend* backend_if_made();
  // An error of a command, with what the store has to say about it.
  Error explained(const Error& error);

 private:
  Globals globals_;
  config::Environment environment_;
  const Clock& clock_;
  Output& out_;
  std::optional<config::Loaded> loaded_;
  std::optional<storage::Backend> backend_;
  bool checked_ = false;  // the schema is known to be current
};

}  // namespace logctl::cli
