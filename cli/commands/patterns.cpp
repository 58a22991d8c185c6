// `logctl patterns`: what the messages that match have in common.
#include "shared/storage/patterns.h"

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/query_flags.h"
#include "shared/base/error.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

#include <memory>
#include <vector>

namespace logctl::cli {
namespace {

struct Options {
  QueryFlags flags;
  std::uint32_t rows = 10'000;
  std::uint32_t limit = 50;
};

int run_patterns(Context& context, const Options& options) {
  const query::Query query = read_question(parameters_of(options.flags), options.flags.tenant,
                                           *context.config(), context.clock().now());
  const storage::Patterns found =
      storage::find_patterns(*context.migrated_backend().logs, query, options.rows, options.limit);
  Output& out = context.out();
  std::vector<Row> rows;
  for (const storage::Pattern& pattern : found.list) {
    rows.push_back(
        {pattern.count, pattern.text, pattern.first, pattern.last, pattern.example, pattern.id});
  }
  if (out.format() == OutputFormat::table) {
    for (Row& row : rows) row.resize(4);
    out.table({"count", "pattern", "first", "last"}, rows);
  } else {
    out.table({"count", "pattern", "first", "last", "example", "id"}, rows);
  }
  if (found.cut) {
    out.note(
        fmt::format("of the newest {} records, more match; --rows reads more of them", found.rows));
  }
  if (found.uncounted > 0) {
    out.note(fmt::format("{} records have patterns beyond the first {} and are not counted",
                         found.uncounted, found.distinct));
  }
  return 0;
}

}  // namespace

void define_patterns(CLI::App& app, Program& program) {
  auto options = std::make_shared<Options>();
  add_query_flags(app, options->flags);
  app.add_option("--rows", options->rows, "how many of the newest records that match are read")
      ->check(CLI::Range(1U, storage::kMostPatternRows))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--limit", options->limit, "at most so many patterns")
      ->check(CLI::Range(1U, 1000U))
      ->type_name("N")
      ->capture_default_str();
  app.callback([&program, options] {
    program.action = [options](Context& context) { return run_patterns(context, *options); };
  });
}

}  // namespace logctl::cli
