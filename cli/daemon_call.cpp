#include "cli/daemon_call.h"

#include "cli/api_key.h"
#include "cli/arguments.h"
#include "cli/http_error.h"
#include "cli/url_form.h"
#include "shared/base/error.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace logctl::cli {

Option add_url(Arguments app, std::string& url) {
  return app
      .add_option("--url", url,
                  "ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE "
                  "gives the key")
      .type_name("URL");
}

Headers headers_with_key(Context& context) {
  Headers headers;
  const std::string key = api_key(context.environment());
  if (!key.empty()) headers.emplace_back("authorization", "Bearer " + key);
  return headers;
}

std::string text_member(std::string_view json, std::string_view name) {
  simdjson::dom::parser parser;
  std::string_view text;
  const simdjson::padded_string padded(json);
  if (parser.parse(padded)[name].get(text) == simdjson::SUCCESS) return std::string(text);
  return {};
}

void refuse(const std::string& url, const Answer& answer) {
  std::string words = text_member(answer.body, "message");
  if (words.empty()) words = fmt::format("answered with status {}", answer.status);
  std::string hint = text_member(answer.body, "hint");
  if (answer.status == 401) hint = "LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key";
  // What a daemon calls a bad request was wrong on the command line.
  const ErrorCode code = answer.status == 400 ? ErrorCode::usage : error_of_status(answer.status);
  throw Error(code, fmt::format("{}: {}", url, words), hint);
}

void require_no_tenant(const std::string& tenant) {
  if (tenant == "default") return;
  throw Error(ErrorCode::usage, "--tenant is of no use with --url: the key decides on the tenant");
}

std::string call_daemon(Context& context, const DaemonCall& call) {
  Client client(call.url, call.timeout);
  std::string target = call.path;
  if (!call.parameters.empty()) target += "?" + url_form(call.parameters);
  const Answer answer = client.send(call.method, target, headers_with_key(context));
  if (answer.status != 200) refuse(call.url, answer);
  // As text: numbers keep their digits.
  simdjson::ondemand::parser parser;
  const simdjson::padded_string body(answer.body);
  try {
    simdjson::ondemand::document document = parser.iterate(body);
    simdjson::ondemand::object data = document["data"].get_object();
    const std::string_view text = data.raw_json();
    return std::string(text);
  } catch (const simdjson::simdjson_error&) {
    throw Error(ErrorCode::unavailable, fmt::format("{}: answered without data", call.url),
                "the address is that of the daemon, like http://127.0.0.1:8080");
  }
}

}  // namespace logctl::cli
