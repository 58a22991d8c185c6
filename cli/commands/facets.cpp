// `logctl facets` and `logctl fields`: what is in the records.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/count_answers.h"
#include "cli/url_form.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <memory>
#include <string>
#include <utility>

namespace logctl::cli {
namespace {

struct Options {
  CountOptions count;
  std::string sample;
  std::string limit;
  std::string prefix;
  std::string field;
};

// What an answer over a part of the records says about it.
void tell_cut(Output& out, simdjson::dom::element data) {
  if (!bool(data["cut"])) return;
  std::uint64_t total = 0;
  const std::uint64_t rows = data["rows"];
  if (data["total"].get(total) == simdjson::SUCCESS) {
    out.note(
        fmt::format("looked at the newest {} of {} records; --sample looks at more", rows, total));
  } else {
    out.note(
        fmt::format("looked at the newest {} records, more match; --sample looks at more", rows));
  }
}

Value number(simdjson::dom::element element) { return std::uint64_t(element); }
Value text(simdjson::dom::element element) { return std::string_view(element); }

void print_facets(Output& out, simdjson::dom::element data) {
  out.begin_table({"field", "count", "value"});
  for (const simdjson::dom::element field : simdjson::dom::array(data["fields"])) {
    for (const simdjson::dom::element value : simdjson::dom::array(field["values"])) {
      out.add_row({text(field["field"]), number(value["count"]), text(value["value"])});
    }
  }
  out.end_table();
  std::uint64_t more = 0;
  for (const simdjson::dom::element field : simdjson::dom::array(data["fields"])) {
    if (std::uint64_t(field["distinct"]) > simdjson::dom::array(field["values"]).size()) ++more;
  }
  if (more > 0) {
    out.note(fmt::format("{} more values than shown; --limit shows more",
                         more == 1 ? "1 field has" : fmt::format("{} fields have", more)));
  }
  tell_cut(out, data);
}

void print_fields(Output& out, simdjson::dom::element data) {
  out.begin_table({"field", "records", "values", "of"});
  for (const simdjson::dom::element field : simdjson::dom::array(data["fields"])) {
    out.add_row({text(field["field"]), number(field["rows"]), number(field["distinct"]),
                 bool(field["whole"]) ? "all" : "newest"});
  }
  out.end_table();
  tell_cut(out, data);
}

void print_values(Output& out, simdjson::dom::element data) {
  out.begin_table({"count", "value"});
  for (const simdjson::dom::element value : simdjson::dom::array(data["values"])) {
    out.add_row({number(value["count"]), text(value["value"])});
  }
  out.end_table();
  if (bool(data["cut"])) {
    out.note(fmt::format("of {} values; --limit shows more", std::uint64_t(data["distinct"])));
  }
}

int run_facets(Context& context, Options options) {
  options.count.more = {{"sample", options.sample}, {"limit", options.limit}};
  print_counts(context,
               count_answer(context, options.count, "/api/v1/logs/facets",
                            from_store(storage::facets_form())),
               print_facets);
  return 0;
}

int run_fields(Context& context, Options options) {
  options.count.more = {{"sample", options.sample}};
  print_counts(context,
               count_answer(context, options.count, "/api/v1/logs/fields",
                            from_store(storage::fields_form())),
               print_fields);
  return 0;
}

int run_values(Context& context, Options options) {
  options.count.more = {{"prefix", options.prefix}, {"limit", options.limit}};
  const std::string path = "/api/v1/logs/fields/" + escape_url(options.field) + "/values";
  print_counts(
      context,
      count_answer(context, options.count, path, from_store(storage::values_form(options.field))),
      print_values);
  return 0;
}

void add_sample(Arguments app, Options& options) {
  app.add_option("--sample", options.sample,
                 "look at so many of the newest records (default 10000)")
      .whole_number(1)
      .type_name("N");
}
void add_limit(Arguments app, Options& options, const std::string& help) {
  app.add_option("--limit", options.limit, help).whole_number(1).type_name("N");
}

}  // namespace

void define_facets(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  add_count_options(app, options->count);
  add_sample(app, *options);
  add_limit(app, *options, "at most so many values of each field (default 10)");
  app.callback([&program, options] {
    program.action = [options](Context& context) { return run_facets(context, *options); };
  });
}

void define_fields(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  app.add_option("field", options->field,
                 "the values of this field with their counts, over all records")
      .type_name("FIELD");
  add_count_options(app, options->count);
  add_sample(app, *options);
  app.add_option("--prefix", options->prefix, "of one field: values that begin with this")
      .type_name("TEXT");
  add_limit(app, *options, "of one field: at most so many values (default 20)");
  app.callback([&program, options] {
    program.action = [options](Context& context) {
      return options->field.empty() ? run_fields(context, *options) : run_values(context, *options);
    };
  });
}

}  // namespace logctl::cli
