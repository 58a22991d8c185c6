// What the commands below `logctl migrate` do; migrate.cpp defines them.
#pragma once

#include "cli/context.h"
#include "shared/base/clock.h"
#include "shared/migrations/folder.h"
#include "shared/migrations/status.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace logctl::cli::migrate {

struct Options {
  std::optional<std::int64_t> to;
  std::optional<std::int64_t> steps;
  microseconds lock_timeout = seconds(30);
  std::string directory;  // of steps in place of those compiled in
  std::string name;       // of a step to create
  std::string with;       // an optional part that up makes
  std::string without;    // an optional part that down takes away
  bool days = false;      // the day files instead of meta.sqlite
  bool confirmed = false;
  bool dry_run = false;
  bool exit_code = false;
  bool no_transaction = false;
};

int up(Context& context, const Options& options);
int down(Context& context, const Options& options);
int status(Context& context, const Options& options);
int plan(Context& context, const Options& options);
int verify(Context& context, const Options& options);
int repair(Context& context, const Options& options);
int baseline(Context& context, const Options& options);
int create(Context& context, const Options& options);

// The steps of the store and of its parts: compiled in, or from --dir.
class Sources {
 public:
  Sources(const std::string& set, const Options& options);
  const std::vector<migrations::Step>& main() const { return main_; }
  const std::vector<migrations::Step>& parts() const { return parts_; }

 private:
  std::vector<std::unique_ptr<migrations::StepFolder>> folders_;
  std::vector<migrations::Step> main_;
  std::vector<migrations::Step> parts_;
};

// The store for looking at; nothing when it is a SQLite store that was not made yet.
std::optional<storage::Backend> look(Context& context);
// The set of the store that the configuration means.
std::string set_of(Context& context);
// The same set of steps, applied to nothing.
migrations::Status nothing_applied(const std::vector<migrations::Step>& steps);
// Throws Error{usage} when --days is given for a store without day files.
void require_days(const storage::Backend& store, const Options& options);
// Throws Error{usage} when the steps meant have no such version.
void require_version(std::int64_t version, const Sources& sources, const Options& options);

// An optional part of the schema with its steps.
struct Feature {
  std::string set;
  std::unique_ptr<storage::SchemaStore> store;
  std::vector<migrations::Step> steps;
};
// Those that are there or that --with asks for; none when the options are about something else.
// Throws Error{usage} when this kind of store has no such part.
std::vector<Feature> features(storage::Backend& store, const Options& options);
// The one of --without, or of --with.
Feature feature(storage::Backend& store, const std::string& name);

// A step as plan and --dry-run list it.
struct Planned {
  migrations::Step step;
  std::string set;
  bool up = true;
  bool half_done = false;
  std::vector<std::string> parts = {};  // the day files it is for; empty: the store itself
};
// What `up` would do to the store and its parts, or, where `to` is below the present version,
// `down`.
std::vector<Planned> planned(storage::Backend* store, const Sources& sources,
                             const Options& options);

}  // namespace logctl::cli::migrate
