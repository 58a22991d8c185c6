#include "cli/count_answers.h"

#include "cli/arguments.h"
#include "cli/daemon_call.h"
#include "cli/file_store.h"
#include "shared/base/error.h"
#include "shared/query/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <optional>

namespace logctl::cli {
namespace {

std::string flag_of(const std::string& parameter) {
  if (parameter == "q") return "query";
  if (parameter == "field") return "field";
  return "--" + parameter;
}

}  // namespace

void add_count_options(Arguments app, CountOptions& options) {
  app.add_option("query", options.text,
                 "what to count: words in the message, field:value, level>=warn, -not, or, ( )")
      .type_name("QUERY");
  app.add_option("--since", options.since, "from this time on: 1h30m before now, or RFC 3339")
      .type_name("TIME");
  app.add_option("--until", options.until, "before this time: the same forms").type_name("TIME");
  app.add_option("--tenant", options.tenant, "records of this tenant (with --url the key says it)")
      .type_name("NAME")
      .show_default();
  Option url = add_url(app, options.url);
  add_files(app, options.files).excludes(url);
  app.add_duration("--timeout", options.timeout, "how long to wait for the daemon");
}

query::Parameters count_parameters(const CountOptions& options) {
  query::Parameters parameters;
  const auto add = [&parameters](std::string name, const std::string& value) {
    if (!value.empty()) parameters.emplace_back(std::move(name), value);
  };
  add("q", fmt::format("{}", fmt::join(options.text, " ")));
  add("since", options.since);
  add("until", options.until);
  for (const auto& [name, value] : options.more) add(name, value);
  return parameters;
}

std::string count_answer(Context& context, const CountOptions& options, const std::string& path,
                         const FromStore& from_store) {
  const query::Parameters parameters = count_parameters(options);
  if (!options.url.empty()) {
    require_no_tenant(options.tenant);
    return call_daemon(context, {options.url, "GET", path, parameters, options.timeout});
  }
  if (options.tenant.empty() || !query::is_storable_text(options.tenant)) {
    throw Error(ErrorCode::usage, "--tenant: expected a name in UTF-8");
  }
  const std::vector<std::string>& event_types = context.config()->ingest.event_types;
  const Timestamp now = context.clock().now();
  std::string data;
  try {
    std::optional<FileStore> of_files;
    if (!options.files.empty()) {
      CountOptions filters = options;
      filters.more.clear();
      query::Query matching =
          query::parse_filter(count_parameters(filters), event_types, now).query;
      matching.tenant = options.tenant;
      of_files.emplace(context, options.files, matching);
    }
    storage::Backend& store = of_files ? of_files->backend() : context.existing_backend();
    from_store(*store.counts, parameters, event_types, now, options.tenant, data);
    if (of_files) of_files->tell_bad_lines();
  } catch (const query::ParameterError& error) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: {}", flag_of(error.parameter()), error.problem()));
  }
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
