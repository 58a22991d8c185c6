// What `logctl doctor` looks at: one row per check. To add one, write its function and its row.
#pragma once

#include "cli/commands/reconcile.h"
#include "cli/context.h"

#include <span>
#include <string_view>
#include <vector>

namespace logctl::cli::doctor {

enum class Needs {
  nothing,  // not even a configuration that can be read
  configuration,
  store,   // that can be reached
  schema,  // of this binary, in it
};

struct Check {
  std::string_view name;
  Needs needs;
  // Adds what it found; what it throws is a finding too, under its name.
  void (*look)(Context& context, std::vector<Finding>& findings);
};

// In the order in which they are shown.
std::span<const Check> checks();

// The checks, by file: host.cpp
void check_disk(Context& context, std::vector<Finding>& findings);
void check_clock(Context& context, std::vector<Finding>& findings);
void check_limits(Context& context, std::vector<Finding>& findings);
// files.cpp
void check_configuration(Context& context, std::vector<Finding>& findings);
void check_secrets(Context& context, std::vector<Finding>& findings);
void check_certificates(Context& context, std::vector<Finding>& findings);
// store.cpp
void check_store(Context& context, std::vector<Finding>& findings);
void check_schema(Context& context, std::vector<Finding>& findings);
void check_symptoms(Context& context, std::vector<Finding>& findings);
void check_spool(Context& context, std::vector<Finding>& findings);
// backups.cpp
void check_backups(Context& context, std::vector<Finding>& findings);
// keys.cpp; expects the schema of this binary
void check_keys(Context& context, std::vector<Finding>& findings);

// maintenance.cpp; likewise
void check_maintenance(Context& context, std::vector<Finding>& findings);

// False for a SQLite store that nobody made yet; looking must not make one.
bool store_created(Context& context);

// Every check that can be made, in order.
std::vector<Finding> examine(Context& context);

}  // namespace logctl::cli::doctor
