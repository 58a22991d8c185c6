// What `logctl retention` does. Each returns the exit status.
#pragma once

#include "cli/context.h"

#include <string>

namespace logctl::cli {

struct RetentionOptions {
  std::string match;
  std::string tenant;  // empty: every one
  bool is_default = false;
  microseconds age{};
  bool unknown_tenant = false;
  bool dry_run = false;
  bool confirm = false;
};

int set_rule(Context& context, const RetentionOptions& options);
int show_rules(Context& context);
int remove_rule(Context& context, const RetentionOptions& options);
int apply_rules(Context& context, const RetentionOptions& options);

}  // namespace logctl::cli
