// `logctl query --explain`.
#include "cli/commands/query_actions.h"
#include "cli/terminal_text.h"
#include "shared/base/json_writer.h"
#include "shared/query/syntax.h"
#include "shared/storage/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>

namespace logctl::cli {
namespace {

std::string order_text(const query::Query& query) {
  const bool up = query.order == query::Order::ascending;
  if (query.sort == query::Field::timestamp) return up ? "oldest first" : "newest first";
  return fmt::format("by {}, {}", query::field_name(query.sort),
                     up ? "smallest first" : "largest first");
}

std::string value_text(const query::SqlValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? std::to_string(*number) : std::get<std::string>(value);
}

void print_text(Output& out, const query::Query& query, const std::string& kind,
                const storage::Explanation& explanation) {
  const std::string question = query::format_text(query);
  std::string text =
      fmt::format("question: {}\n", question.empty() ? "(every record)" : terminal_safe(question));
  text += fmt::format("order:    {}, at most {} records of tenant {}\n", order_text(query),
                      query.limit, terminal_safe(query.tenant));
  text += fmt::format("\n{}:\n{}\n", kind, explanation.sql.text);
  const char sign = kind == "postgres" ? '$' : '?';
  for (std::size_t i = 0; i < explanation.sql.values.size(); ++i) {
    text += fmt::format("  {}{} = {}\n", sign, i + 1,
                        terminal_safe(value_text(explanation.sql.values[i])));
  }
  for (const storage::Explanation::Plan& plan : explanation.plans) {
    text += fmt::format("\nplan of {}{}\n", plan.where, plan.lines.empty() ? "" : ":");
    for (const std::string& line : plan.lines) text += "  " + terminal_safe(line) + "\n";
  }
  out.raw(text);
}

void print_json(Output& out, const query::Query& query, const std::string& kind,
                const storage::Explanation& explanation) {
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  json.field("query", query::format_text(query));
  json.field("tenant", query.tenant).field("sort", query::field_name(query.sort));
  json.field("order", query.order == query::Order::ascending ? "asc" : "desc");
  json.field("limit", query.limit).field("store", kind).field("sql", explanation.sql.text);
  json.key("parameters").begin_array();
  for (const query::SqlValue& value : explanation.sql.values) {
    std::visit([&json](const auto& held) { json.value(held); }, value);
  }
  json.end_array().key("plans").begin_array();
  for (const storage::Explanation::Plan& plan : explanation.plans) {
    json.begin_object().field("where", plan.where).key("lines").begin_array();
    for (const std::string& line : plan.lines) json.value(line);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  out.raw(body + "\n");
}

}  // namespace

int query_explain(Context& context, const QueryOptions& options, query::Query query) {
  storage::Backend& store = context.existing_backend();
  query.limit = static_cast<std::uint32_t>(
      options.limit == 0 ? UINT32_MAX : std::min<std::uint64_t>(options.limit, UINT32_MAX));
  const storage::Explanation explanation = store.explainer->explain(query);
  if (context.out().json()) {
    print_json(context.out(), query, store.kind, explanation);
  } else {
    print_text(context.out(), query, store.kind, explanation);
  }
  return 0;
}

}  // namespace logctl::cli
