// `logctl partitions list`: the days of the store.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "shared/base/time_text.h"
#include "shared/storage/days.h"
#include "shared/storage/index_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <string>
#include <vector>

namespace logctl::cli {
namespace {

int list_partitions(Context& context) {
  const storage::Backend& store = context.existing_backend();
  std::map<storage::Day, std::vector<std::string>> indexes;
  for (const storage::DayIndex& index : store.indexes->indexes()) {
    if (index.state == storage::IndexState::valid) indexes[index.day].push_back(index.field);
  }
  const Timestamp now = context.clock().now();
  Output& out = context.out();
  out.begin_table({"day", "state", "rows", "bytes", "indexes"});
  for (const storage::Day day : store.days->days()) {
    const storage::DayInfo info = store.days->describe(day, now);
    const std::vector<std::string>& fields = indexes[day];
    out.add_row({format_day(day), info.state_name(), info.rows, info.bytes,
                 out.json() ? Value::json_list(fields)
                            : Value(fmt::format("{}", fmt::join(fields, ", ")))});
  }
  out.end_table();
  return 0;
}

}  // namespace

void define_partitions(Arguments app, Program& program) {
  app.add_subcommand("list",
                     "every day: open (taking records), closed, or changed since maintenance "
                     "passed over it; its rows, bytes and indexes besides the key")
      .callback([&program] { program.action = list_partitions; });
}

}  // namespace logctl::cli
