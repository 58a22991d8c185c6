#include "cli/query_flags.h"

#include "shared/base/error.h"
#include "shared/query/syntax.h"
#include "shared/query/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace logctl::cli {
namespace {

struct Flag {
  const char* flag;
  std::string_view parameter;
  const char* type;
  const char* help;
};

constexpr std::array<Flag, QueryFlags::kCount> kFlags = {
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
};

// What the command line calls a parameter; flags of single commands have its name.
std::string flag_of(const std::string& parameter) {
  if (parameter == "q") return "query";
  if (parameter == "field") return "field";
  if (parameter == "sort_by") return "--sort";
  const auto* flag = std::ranges::find(kFlags, parameter, &Flag::parameter);
  return flag == kFlags.end() ? "--" + parameter : std::string(flag->flag);
}

// Filters as text: the bounds are said apart, so that durations stay durations.
constexpr std::array<std::string_view, 2> kBounds = {"since", "until"};

}  // namespace

void add_query_flags(Arguments app, QueryFlags& flags, const std::string& help) {
  app.add_option("query", flags.text, help).type_name("QUERY");
  for (std::size_t i = 0; i < kFlags.size(); ++i) {
    flags.given[i] =
        app.add_option(kFlags[i].flag, flags.values[i], kFlags[i].help).type_name(kFlags[i].type);
  }
  app.add_option("--tenant", flags.tenant, "records of this tenant")
      .type_name("NAME")
      .show_default();
}

query::Parameters parameters_of(const QueryFlags& flags) {
  query::Parameters parameters;
  if (!flags.text.empty()) {
    parameters.emplace_back("q", fmt::format("{}", fmt::join(flags.text, " ")));
  }
  for (std::size_t i = 0; i < kFlags.size(); ++i) {
    if (flags.given[i].count() == 0) continue;
    if (flags.values[i].empty()) {
      throw Error(ErrorCode::usage,
                  fmt::format("{}: expected a value, found nothing", kFlags[i].flag));
    }
    parameters.emplace_back(kFlags[i].parameter, flags.values[i]);
  }
  return parameters;
}

std::string text_of(const QueryFlags& flags, const std::vector<std::string>& event_types,
                    Timestamp now) {
  const query::Parameters parameters = parameters_of(flags);
  read_question(parameters, flags.tenant, event_types, now);  // the errors, flag by flag
  std::vector<std::string> parts;
  query::Parameters filters;
  for (const auto& [name, value] : parameters) {
    if (name == "q") {
      const query::Query text = read_question({{name, value}}, flags.tenant, event_types, now);
      // An `or` in the text must not reach beyond it.
      const bool choice = text.filters.size() == 1 && text.filters.front().op == query::Op::any_of;
      if (!text.filters.empty() || text.since || text.until) {
        parts.push_back(choice && parameters.size() > 1 ? "(" + value + ")" : value);
      }
    } else if (std::ranges::find(kBounds, name) != kBounds.end()) {
      parts.push_back(name + ":" + value);
    } else {
      filters.emplace_back(name, value);
    }
  }
  if (!filters.empty()) {
    parts.push_back(query::format_text(read_question(filters, flags.tenant, event_types, now)));
  }
  return fmt::format("{}", fmt::join(parts, " "));
}

Error flag_error(const query::ParameterError& error) {
  return Error(ErrorCode::usage,
               fmt::format("{}: {}", flag_of(error.parameter()), error.problem()));
}

query::Query read_question(const query::Parameters& parameters, const std::string& tenant,
                           const std::vector<std::string>& event_types, Timestamp now) {
  if (tenant.empty() || !query::is_storable_text(tenant)) {
    throw Error(ErrorCode::usage, "--tenant: expected a name in UTF-8");
  }
  try {
    query::Query query = query::parse_filter(parameters, event_types, now).query;
    query.tenant = tenant;
    return query;
  } catch (const query::ParameterError& error) {
    throw flag_error(error);
  }
}

}  // namespace logctl::cli
