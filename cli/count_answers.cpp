#include "cli/count_answers.h"

#include "cli/arguments.h"
#include "cli/daemon_call.h"
#include "cli/file_store.h"

#include <simdjson.h>

#include <optional>

namespace logctl::cli {
namespace {

// Of the HTTP call that asks the same.
query::Parameters count_parameters(const CountOptions& options) {
  query::Parameters parameters = parameters_of(options.flags);
  for (const auto& [name, value] : options.more) {
    if (!value.empty()) parameters.emplace_back(name, value);
  }
  return parameters;
}

}  // namespace

void add_count_options(Arguments app, CountOptions& options) {
  add_query_flags(app, options.flags,
                  "what to count: words in the message, field:value, level>=warn, -not, or, ( )");
  Option url = add_url(app, options.url);
  add_files(app, options.files).excludes(url);
  app.add_duration("--timeout", options.timeout, "how long to wait for the daemon");
}

std::string count_answer(Context& context, const CountOptions& options, const std::string& path,
                         const FromStore& from_store) {
  const query::Parameters parameters = count_parameters(options);
  if (!options.url.empty()) {
    require_no_tenant(options.flags.tenant);
    return call_daemon(context, {options.url, "GET", path, parameters, options.timeout});
  }
  const std::vector<std::string>& event_types = context.config()->ingest.event_types;
  const Timestamp now = context.clock().now();
  const query::Query matching =
      read_question(parameters_of(options.flags), options.flags.tenant, event_types, now);
  std::optional<FileStore> of_files;
  if (!options.files.empty()) of_files.emplace(context, options.files, matching);
  storage::Backend& store = of_files ? of_files->backend() : context.existing_backend();
  std::string data;
  try {
    from_store(*store.counts, parameters, event_types, now, options.flags.tenant, data);
  } catch (const query::ParameterError& error) {
    throw flag_error(error);
  }
  if (of_files) of_files->tell_bad_lines();
  return data;
}

void print_counts(Context& context, const std::string& answer, const PrintCounts& print) {
  Output& out = context.out();
  if (out.format() == OutputFormat::json) {
    out.raw(answer + "\n");
    return;
  }
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(answer);
  print(out, parser.parse(padded));
}

}  // namespace logctl::cli
