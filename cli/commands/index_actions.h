// What `logctl index` does: the secondary indexes of closed days.
#pragma once

#include "cli/context.h"

#include <string>

namespace logctl::cli {

struct ListIndexes {
  std::string field;
  std::string day;
};
int list_index(Context& context, const ListIndexes& options);

struct ChooseIndex {
  std::string field;
  std::string day;
  bool dry_run = false;
};
int add_index(Context& context, const ChooseIndex& options);
int drop_index(Context& context, const ChooseIndex& options);

struct BuildIndexes {
  std::string day;
  bool dry_run = false;
};
// Exit status 6 when another process is at it.
int build_index(Context& context, const BuildIndexes& options);

}  // namespace logctl::cli
