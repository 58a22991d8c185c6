// What the commands below `logctl rejects` do; rejects.cpp says how they are called.
//
// They work on the files beside a running daemon. Each returns the exit status or throws.
#pragma once

#include "cli/context.h"
#include "cli/dead_letter_filter.h"

#include <cstdint>
#include <string>

namespace logctl::cli {

struct ListRejects {
  DeadLetterFilter filter;
  std::uint64_t limit = 0;  // the newest; 0: all
  bool count = false;
};
int list_rejects(Context& context, ListRejects options);

struct ShowReject {
  std::string id;
  bool raw = false;
};
int show_reject(Context& context, const ShowReject& options);

struct DropRejects {
  DeadLetterFilter filter;
  bool dry_run = false;
  bool confirmed = false;
};
int drop_rejects(Context& context, DropRejects options);

struct ReplayRejects {
  DeadLetterFilter filter;
  bool all = false;
  bool dry_run = false;
  std::string file;  // letters from here instead of the store of them
};
int replay_rejects(Context& context, ReplayRejects options);

}  // namespace logctl::cli
