#include "cli/count_answers.h"

#include "cli/api_key.h"
#include "cli/arguments.h"
#include "cli/client.h"
#include "cli/url_form.h"
#include "shared/base/error.h"
#include "shared/query/text.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include <memory>

namespace logctl::cli {
namespace {

std::string flag_of(const std::string& parameter) {
  if (parameter == "q") return "query";
  if (parameter == "field") return "field";
  return "--" + parameter;
}

std::string text_of(simdjson::dom::element object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

[[noreturn]] void refuse(const std::string& url, const Answer& answer) {
  const ErrorCode code = answer.status == 401   ? ErrorCode::unauthorized
                         : answer.status == 403 ? ErrorCode::forbidden
                         : answer.status == 400 ? ErrorCode::usage
                         : answer.status == 404 ? ErrorCode::not_found
                         : answer.status == 504 ? ErrorCode::timeout
                                                : ErrorCode::unavailable;
  simdjson::dom::parser parser;
  simdjson::dom::element body;
  std::string message;
  std::string hint;
  const simdjson::padded_string text(answer.body);
  if (parser.parse(text).get(body) == simdjson::SUCCESS) {
    message = text_of(body, "message");
    hint = text_of(body, "hint");
  }
  if (message.empty()) message = fmt::format("status {} instead of counts", answer.status);
  if (answer.status == 401) hint = "LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key";
  throw Error(code, fmt::format("{}: {}", url, message), hint);
}

std::string from_daemon(Context& context, const CountOptions& options, const std::string& path) {
  std::string target = path;
  char separator = '?';
  for (const auto& [name, value] : count_parameters(options)) {
    target += separator + name + "=" + escape_url(value);
    separator = '&';
  }
  Client client(options.url, options.timeout);
  Headers headers;
  const std::string key = api_key(context.environment());
  if (!key.empty()) headers.emplace_back("Authorization", "Bearer " + key);
  const Answer answer = client.send("GET", target, headers);
  if (answer.status != 200) refuse(options.url, answer);
  simdjson::dom::parser parser;
  simdjson::dom::element data;
  const simdjson::padded_string body(answer.body);
  if (parser.parse(body)["data"].get(data) != simdjson::SUCCESS) {
    throw Error(ErrorCode::unavailable, fmt::format("{}: answered without counts", options.url),
                "the address is that of the daemon, like http://127.0.0.1:8080");
  }
  return simdjson::minify(data);
}

}  // namespace

void add_count_options(CLI::App& app, CountOptions& options) {
  app.add_option("query", options.text,
                 "what to count: words in the message, field:value, level>=warn, -not, or, ( )")
      ->type_name("QUERY");
  app.add_option("--since", options.since, "from this time on: 1h30m before now, or RFC 3339")
      ->type_name("TIME");
  app.add_option("--until", options.until, "before this time: the same forms")->type_name("TIME");
  app.add_option("--tenant", options.tenant, "records of this tenant (with --url the key says it)")
      ->type_name("NAME")
      ->default_val("default");
  app.add_option("--url", options.url,
                 "ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE "
                 "gives the key")
      ->type_name("URL");
  add_duration(app, "--timeout", options.timeout, "how long to wait for the daemon");
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
  if (!options.url.empty()) return from_daemon(context, options, path);
  if (options.tenant.empty() || !query::is_storable_text(options.tenant)) {
    throw Error(ErrorCode::usage, "--tenant: expected a name in UTF-8");
  }
  std::string data;
  try {
    const std::vector<std::string>& event_types = context.config()->ingest.event_types;
    from_store(*context.migrated_backend().counts, count_parameters(options), event_types,
               context.clock().now(), options.tenant, data);
  } catch (const query::ParameterError& error) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: {}", flag_of(error.parameter()), error.problem()));
  }
  return data;
}

}  // namespace logctl::cli
