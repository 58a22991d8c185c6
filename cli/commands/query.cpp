// `logctl query`: flags become the parameters of the HTTP filter call, so that one list of rules
// serves both.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/remote_logs.h"
#include "shared/base/error.h"
#include "shared/query/parameters.h"
#include "shared/query/text.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

constexpr std::uint64_t kDefaultLimit = 50;

struct Flag {
  const char* flag;
  std::string_view parameter;
  const char* type;
  const char* help;
};

constexpr std::array kFlags = {
    Flag{"--service", "service", "NAME", "of this service"},
    Flag{"--level", "level", "LEVEL", "of this severity (WARN and WARNING are one)"},
    Flag{"--min-level", "min_level", "LEVEL", "of this severity or a higher one"},
    Flag{"--message", "message", "TEXT", "with this text in the message, in any case of letters"},
    Flag{"--event-type", "event_type", "TYPE", "of this event type"},
    Flag{"--event-name", "event_name", "NAME", "of this event name"},
    Flag{"--event-id", "event_id", "ID", "with this event id"},
    Flag{"--user", "user_id", "ID", "of this user"},
    Flag{"--session", "session_id", "ID", "of this session"},
    Flag{"--app-version", "app_version", "VERSION", "of this version of the application"},
    Flag{"--priority", "priority", "PRIORITY", "normal or high"},
    Flag{"--provider", "provider_name", "NAME", "with this text at properties.tags.provider"},
    Flag{"--host", "host", "NAME", "of this host"},
    Flag{"--trace-id", "trace_id", "ID", "of this trace"},
    Flag{"--span-id", "span_id", "ID", "of this span"},
    Flag{"--since", "since", "TIME", "from this time on: 1h30m before now, or RFC 3339"},
    Flag{"--until", "until", "TIME", "before this time: the same forms"},
    Flag{"--sort", "sort_by", "COLUMN", "sort by this column instead of the time"},
};

struct Options {
  std::array<std::string, kFlags.size()> values;
  std::array<CLI::Option*, kFlags.size()> given{};
  std::vector<std::string> text;
  std::uint64_t limit = kDefaultLimit;
  bool ascending = false;
  std::string tenant = "default";
  std::string url;
};

Error flag_error(const query::ParameterError& error) {
  const auto* flag = std::ranges::find(kFlags, error.parameter(), &Flag::parameter);
  const std::string_view name = error.parameter() == "q" ? "query"
                                : flag == kFlags.end()   ? std::string_view(error.parameter())
                                                         : flag->flag;
  return Error(ErrorCode::usage, fmt::format("{}: {}", name, error.problem()));
}

query::Parameters read_parameters(const Options& options) {
  query::Parameters parameters;
  if (!options.text.empty()) {
    parameters.emplace_back("q", fmt::format("{}", fmt::join(options.text, " ")));
  }
  for (std::size_t i = 0; i < kFlags.size(); ++i) {
    if (options.given[i]->count() == 0) continue;
    if (options.values[i].empty()) {
      throw Error(ErrorCode::usage,
                  fmt::format("{}: expected a value, found nothing", kFlags[i].flag));
    }
    parameters.emplace_back(kFlags[i].parameter, options.values[i]);
  }
  if (options.tenant.empty() || !query::is_storable_text(options.tenant)) {
    throw Error(ErrorCode::usage, "--tenant: expected a name in UTF-8");
  }
  if (options.ascending) parameters.emplace_back("sort_order", "asc");
  return parameters;
}

query::Query read_query(const Options& options, const config::Config& config, Timestamp now) {
  const query::Parameters parameters = read_parameters(options);
  try {
    query::Query query = query::parse_filter(parameters, config.ingest.event_types, now).query;
    query.tenant = options.tenant;
    return query;
  } catch (const query::ParameterError& error) {
    throw flag_error(error);
  }
}

// Sorted by anything but time, a search has no place to go on from: it has to bring everything.
void check_limit(const query::Query& query, std::uint64_t limit) {
  if (query.sort == query::Field::timestamp || (limit > 0 && limit <= kMostSortedRecords)) return;
  throw Error(ErrorCode::usage,
              fmt::format("--limit: expected 1 to {} together with --sort, found {}",
                          kMostSortedRecords, limit),
              "without --sort, records come in the order of time and --limit 0 brings all");
}

int run_query(Context& context, const Options& options) {
  if (!options.url.empty()) {
    if (options.tenant != "default") {
      throw Error(ErrorCode::usage,
                  "--tenant is of no use with --url: the key decides on the tenant");
    }
    query::Parameters parameters = read_parameters(options);
    parameters.emplace_back("limit", std::to_string(options.limit));
    print_remote_records(context, options.url, parameters, options.limit);
    return 0;
  }
  const query::Query query = read_query(options, *context.config(), context.clock().now());
  check_limit(query, options.limit);
  print_records(*context.migrated_backend().logs, query, options.limit, context.out());
  return 0;
}

}  // namespace

void define_query(CLI::App& app, Program& program) {
  auto options = std::make_shared<Options>();
  app.add_option("query", options->text,
                 "what to look for: words in the message, field:value, level>=warn, -not, or, ( )")
      ->type_name("QUERY");
  for (std::size_t i = 0; i < kFlags.size(); ++i) {
    options->given[i] = app.add_option(kFlags[i].flag, options->values[i], kFlags[i].help)
                            ->type_name(kFlags[i].type);
  }
  app.add_flag("--ascending", options->ascending, "oldest first (or smallest, with --sort)");
  whole_number(app.add_option("--limit", options->limit, "at most so many records; 0: all"), 0)
      ->type_name("N")
      ->default_val(kDefaultLimit);
  app.add_option("--tenant", options->tenant, "records of this tenant")
      ->type_name("NAME")
      ->default_val("default");
  app.add_option("--url", options->url,
                 "ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE "
                 "gives the key")
      ->type_name("URL");
  app.callback([&program, options] {
    program.action = [options](Context& context) { return run_query(context, *options); };
  });
}

}  // namespace logctl::cli
