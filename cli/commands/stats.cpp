// `logctl stats`: sums, percentiles and the like, by group.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/count_answers.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

struct Options {
  CountOptions count;
  std::string by;
  std::string calc;
  std::string limit;
};

Value value_of(simdjson::dom::element element) {
  if (element.is_null()) return {};
  if (element.is_string()) return std::string_view(element);
  return Value::json(simdjson::minify(element));
}

std::vector<std::string> names_of(simdjson::dom::element list) {
  std::vector<std::string> names;
  for (const simdjson::dom::element name : simdjson::dom::array(list)) {
    names.emplace_back(std::string_view(name));
  }
  return names;
}

void print_stats(Output& out, simdjson::dom::element data) {
  const std::vector<std::string> by = names_of(data["by"]);
  std::vector<std::string> calcs = names_of(data["calc"]);
  std::erase(calcs, "count");
  std::vector<std::string> headers = by;
  headers.emplace_back("count");
  headers.insert(headers.end(), calcs.begin(), calcs.end());
  out.begin_table(headers);
  for (const simdjson::dom::element row : simdjson::dom::array(data["rows"])) {
    Row cells;
    for (const std::string& name : by) cells.push_back(value_of(row["group"].at_key(name)));
    cells.push_back(value_of(row["count"]));
    for (const std::string& name : calcs) cells.push_back(value_of(row.at_key(name)));
    out.add_row(std::move(cells));
  }
  out.end_table();
  if (bool(data["cut"])) {
    out.note(fmt::format("of {} groups; --limit shows more", std::uint64_t(data["groups"])));
  }
}

int run_stats(Context& context, Options options) {
  options.count.more = {{"by", options.by}, {"calc", options.calc}, {"limit", options.limit}};
  print_counts(
      context,
      count_answer(context, options.count, "/api/v1/logs/stats", from_store(storage::stats_form())),
      print_stats);
  return 0;
}

}  // namespace

void define_stats(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  add_count_options(app, options->count);
  app.add_option("--by", options->by, "group by these fields, separated by commas")
      .type_name("FIELD,...");
  app.add_option("--calc", options->calc,
                 "count, distinct(FIELD), sum, avg, min, max or p1 to p99 of a number, such as "
                 "p95(properties.latency_ms); separated by commas")
      .type_name("CALC,...");
  app.add_option("--limit", options->limit, "at most so many groups (default 100)")
      .whole_number(1)
      .type_name("N");
  app.callback([&program, options] {
    program.action = [options](Context& context) { return run_stats(context, *options); };
  });
}

}  // namespace logctl::cli
