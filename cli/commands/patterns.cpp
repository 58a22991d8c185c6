// `logctl patterns`: what the messages that match have in common.
#include "shared/storage/patterns.h"

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/daemon_call.h"
#include "cli/file_records.h"
#include "cli/file_store.h"
#include "cli/query_flags.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {
namespace {

struct Options {
  QueryFlags flags;
  std::uint32_t rows = 10'000;
  std::uint32_t limit = 50;
  std::string url;
  std::vector<std::string> files;
};

storage::Patterns at_daemon(Context& context, const Options& options) {
  require_no_tenant(options.flags.tenant);
  DaemonCall call;
  call.url = options.url;
  call.path = "/api/v1/logs/patterns";
  call.parameters = parameters_of(options.flags);
  call.parameters.emplace_back("rows", std::to_string(options.rows));
  call.parameters.emplace_back("limit", std::to_string(options.limit));
  simdjson::dom::parser parser;
  const simdjson::padded_string text(call_daemon(context, call));
  const simdjson::dom::element data = parser.parse(text);
  const auto words = [](simdjson::dom::element value) {
    return std::string(std::string_view(value));
  };
  storage::Patterns found;
  for (const simdjson::dom::element one : simdjson::dom::array(data["patterns"])) {
    storage::Pattern& pattern = found.list.emplace_back();
    pattern.text = words(one["pattern"]);
    pattern.count = std::uint64_t(one["count"]);
    pattern.first = parse_rfc3339(std::string_view(one["first"])).value_or(Timestamp());
    pattern.last = parse_rfc3339(std::string_view(one["last"])).value_or(Timestamp());
    pattern.example = words(one["example"]);
    pattern.id = words(one["id"]);
  }
  found.distinct = std::uint64_t(data["distinct"]);
  found.rows = std::uint64_t(data["rows"]);
  found.uncounted = std::uint64_t(data["uncounted"]);
  found.cut = bool(data["cut"]);
  return found;
}

storage::Patterns find(Context& context, const Options& options) {
  if (!options.url.empty()) return at_daemon(context, options);
  const query::Query query =
      read_question(parameters_of(options.flags), options.flags.tenant,
                    context.config()->ingest.event_types, context.clock().now());
  if (options.files.empty()) {
    return storage::find_patterns(*context.existing_backend().logs, query, options.rows,
                                  options.limit);
  }
  FileStore files(context, options.files, query);
  files.tell_bad_lines();
  return storage::find_patterns(*files.backend().logs, query, options.rows, options.limit);
}

int run_patterns(Context& context, const Options& options) {
  const storage::Patterns found = find(context, options);
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
  if (found.distinct > found.list.size()) {
    out.note(fmt::format("of {} patterns; --limit shows more", found.distinct));
  }
  if (found.uncounted > 0) {
    out.note(fmt::format("{} records have patterns beyond the first {} and are not counted",
                         found.uncounted, found.distinct));
  }
  return 0;
}

}  // namespace

void define_patterns(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  add_query_flags(app, options->flags);
  app.add_option("--rows", options->rows, "how many of the newest records that match are read")
      .in_range(1, storage::kMostPatternRows)
      .type_name("N")
      .show_default();
  app.add_option("--limit", options->limit, "at most so many patterns")
      .in_range(1, 1000U)
      .type_name("N")
      .show_default();
  Option url = add_url(app, options->url);
  add_files(app, options->files).excludes(url);
  app.callback([&program, options] {
    program.action = [options](Context& context) { return run_patterns(context, *options); };
  });
}

}  // namespace logctl::cli
