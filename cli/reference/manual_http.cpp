#include "cli/reference/manuals.h"
#include "cli/reference/mdoc.h"
#include "service/routes.h"
#include "shared/base/error.h"
#include "shared/query/parameter_error.h"

#include <fmt/format.h>

namespace logctl::cli {
namespace {

std::string who(const RouteRow& row) {
  const http::Route& route = row.route;
  if (row.by_token) return "Needs the token of a namespace, or a key with the scope `admin`.";
  if (route.scope == auth::Scope::none) return "Needs no key.";
  return fmt::format("Needs a key with the scope `{}`.", auth::scope_name(route.scope));
}

}  // namespace

std::string http_manual() {
  ManualPage page("logctl-http", 7, "HTTP interface of the logctl daemon");
  page.section("description");
  page.paragraph(
      "What `logctl serve` answers. A success for a record is answered when the record is on disk, "
      "so a client may repeat a request until it hears one: records with the same id are "
      "recognised. Bodies may be compressed with gzip, deflate or zstd.");
  page.section("authentication");
  page.paragraph(
      "A key comes in `Authorization: Bearer KEY`, `Authorization: KEY` or `X-API-Key: KEY`. Keys "
      "are made by logctl-keys(1) and hold scopes; a path that asks for a scope answers 401 "
      "without a key and 403 when the key lacks it. Streams of messages are opened by the token of "
      "a namespace, in `Authorization: Bearer TOKEN` or the parameter `token`.");
  page.section("paths");
  page.paragraph(
      "A word in braces stands for one part of the path. The surface in brackets is what a "
      "listener "
      "mounts (server.listeners).");
  page.begin_terms();
  const config::Config defaults;
  for (const RouteRow& row : route_rows(defaults)) {
    const http::Route& route = row.route;
    page.term(fmt::format("Cm {} {} Bq {}", http::method_name(route.method), route.path,
                          http::surface_name(route.surface)),
              fmt::format("{}. {}", route.summary, who(row)));
  }
  page.end_list();
  page.section("answers");
  page.paragraph(
      "Every answer carries X-Request-ID. Rate limits are told in RateLimit-* and X-RateLimit-*; "
      "answers with 429 and 503 say in Retry-After after how many seconds to try again.");
  page.section("error names");
  page.paragraph("The body of an error holds one of these names.");
  std::vector<std::vector<std::string>> rows = {{"status", "name", "meaning"}};
  for (const ErrorInfo& row : error_table()) {
    rows.push_back({std::to_string(row.http_status), std::string(row.name),
                    std::string(row.meaning) + (row.retryable ? " (try again)" : "")});
  }
  for (const query::BadParameterInfo& row : query::bad_parameter_table()) {
    rows.push_back({std::to_string(info(ErrorCode::validation_error).http_status),
                    std::string(row.name), std::string(row.meaning)});
  }
  page.columns(rows);
  page.see_also({{"logctl", 1}, {"logctl-keys", 1}, {"logctl-serve", 1}, {"logctl-config", 5}});
  return page.text();
}

}  // namespace logctl::cli
