// `logctl query`: records that match, from the store or out of files; how the store looks for them;
// what stands around one of them.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/query_actions.h"
#include "cli/daemon_call.h"
#include "cli/file_records.h"
#include "cli/records.h"
#include "cli/remote_logs.h"
#include "shared/base/error.h"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace logctl::cli {
namespace {

constexpr std::uint64_t kDefaultLimit = 50;

query::Parameters read_parameters(const QueryOptions& options) {
  query::Parameters parameters = parameters_of(options.flags);
  if (options.sort_given) {
    if (options.sort.empty()) {
      throw Error(ErrorCode::usage, "--sort: expected a value, found nothing");
    }
    parameters.emplace_back("sort_by", options.sort);
  }
  if (options.ascending) parameters.emplace_back("sort_order", "asc");
  return parameters;
}

int query_daemon(Context& context, const QueryOptions& options) {
  require_no_tenant(options.flags.tenant);
  query::Parameters parameters = read_parameters(options);
  parameters.emplace_back("limit", std::to_string(options.limit));
  print_remote_records(context, options.url, parameters, options.limit);
  return 0;
}

// Sorted by anything but time, a search has no place to go on from: it has to bring everything.
void check_limit(const query::Query& query, std::uint64_t limit) {
  if (query.sort == query::Field::timestamp || (limit > 0 && limit <= kMostSortedRecords)) return;
  throw Error(ErrorCode::usage,
              fmt::format("--limit: expected 1 to {} together with --sort, found {}",
                          kMostSortedRecords, limit),
              "without --sort, records come in the order of time and --limit 0 brings all");
}

int run_query(Context& context, const QueryOptions& options) {
  if (!options.around.empty()) return query_around(context, options);
  if (!options.url.empty()) return query_daemon(context, options);
  const query::Query query =
      read_question(read_parameters(options), options.flags.tenant,
                    context.config()->ingest.event_types, context.clock().now());
  if (!options.files.empty()) return query_files(context, options, query);
  check_limit(query, options.limit);
  if (options.explain) return query_explain(context, options, query);
  print_records(*context.existing_backend().logs, query, options.limit, context.out());
  return 0;
}

}  // namespace

void define_query(Arguments app, Program& program) {
  auto options = std::make_shared<QueryOptions>();
  options->limit = kDefaultLimit;
  add_query_flags(app, options->flags);
  Option sort = app.add_option("--sort", options->sort, "sort by this column instead of the time")
                    .type_name("COLUMN");
  app.add_flag("--ascending", options->ascending, "oldest first (or smallest, with --sort)");
  app.add_option("--limit", options->limit, "at most so many records; 0: all")
      .whole_number(0)
      .type_name("N")
      .show_default();
  Option file = add_files(app, options->files);
  Option explain =
      app.add_flag("--explain", options->explain,
                   "show the question, its SQL and how the store would answer it; asks nothing");
  Option around =
      app.add_option("--around", options->around,
                     "the record with this id, and what stands before and after it in time")
          .type_name("ID");
  app.add_option("-B,--before", options->before, "with --around: so many before it")
      .whole_number(0)
      .type_name("N")
      .show_default()
      .needs(around);
  app.add_option("-A,--after", options->after, "with --around: so many after it")
      .whole_number(0)
      .type_name("N")
      .show_default()
      .needs(around);
  app.add_option("--same", options->same,
                 "with --around: only records that have the same in these fields (service,host)")
      .type_name("FIELDS")
      .needs(around);
  add_url(app, options->url).excludes(file).excludes(explain);
  file.excludes(explain);
  explain.excludes(around);
  app.callback([&program, options, sort] {
    options->sort_given = sort.count() > 0;
    program.action = [options](Context& context) { return run_query(context, *options); };
  });
}

}  // namespace logctl::cli
