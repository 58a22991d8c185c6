// `logctl hits`: how many records there are over time.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/count_answers.h"
#include "cli/counted.h"
#include "cli/histogram.h"
#include "shared/base/error.h"
#include "shared/query/aggregate_parameters.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace logctl::cli {
namespace {

struct Options {
  CountOptions count;
  std::string step;
  std::string group;
  std::string limit;
};

struct Series {
  std::optional<std::string> name;  // the value; nothing: absent
  bool others = false;              // what remains beyond the limit
  std::vector<std::uint64_t> counts;
  std::uint64_t total = 0;
};
struct Hits {
  std::vector<Timestamp> times;
  std::vector<Series> series;
};

Hits hits_of(simdjson::dom::element data, const std::string& group) {
  Hits hits;
  for (const simdjson::dom::element one : simdjson::dom::array(data["result"])) {
    Series& series = hits.series.emplace_back();
    if (one["others"].get(series.others) != simdjson::SUCCESS) series.others = false;
    std::string_view name;
    if (!group.empty() && one["metric"].at_key(group).get(name) == simdjson::SUCCESS) {
      series.name = name;
    }
    series.total = one["total"];
    for (const simdjson::dom::element point : simdjson::dom::array(one["values"])) {
      const std::int64_t at = point.at(0);
      if (hits.series.size() == 1) hits.times.push_back(from_micros(at * 1'000'000));
      series.counts.push_back(point.at(1));
    }
  }
  return hits;
}

Histogram histogram_of(const Hits& hits, const std::string& group) {
  Histogram histogram;
  histogram.named = !group.empty();
  histogram.times = hits.times;
  for (const Series& series : hits.series) {
    HistogramSeries& out = histogram.series.emplace_back();
    if (!group.empty()) out.name = series.others ? "(others)" : series.name.value_or("(none)");
    out.colour = group.empty() ? "32" : level_colour(out.name, histogram.series.size() - 1);
    out.total = series.total;
    out.counts = series.counts;
  }
  return histogram;
}

void print_rows(Output& out, const Hits& hits, const std::string& group) {
  std::vector<std::string> headers = {"time"};
  if (!group.empty()) headers.push_back(group);
  headers.emplace_back("count");
  if (!group.empty()) headers.emplace_back("others");
  out.begin_table(headers);
  for (std::size_t i = 0; i < hits.times.size(); ++i) {
    for (const Series& series : hits.series) {
      if (!group.empty() && series.counts[i] == 0) continue;
      Row row = {hits.times[i]};
      if (!group.empty()) row.emplace_back(series.name);
      row.emplace_back(series.counts[i]);
      if (!group.empty()) row.emplace_back(series.others);
      out.add_row(std::move(row));
    }
  }
  out.end_table();
}

void print_hits(Output& out, simdjson::dom::element data, const std::string& group) {
  const Hits hits = hits_of(data, group);
  if (out.format() == OutputFormat::table) {
    Histogram histogram = histogram_of(hits, group);
    histogram.colour = out.colour();
    if (out.width() > 0) histogram.width = out.width();
    out.raw(draw(histogram));
    out.note(fmt::format("{}, each line {}", counted(std::uint64_t(data["total"]), "record"),
                         std::string_view(data["step"])));
  } else {
    print_rows(out, hits, group);
  }
  if (bool(data["cut"])) out.note("the less frequent values are summed up; --limit shows more");
}

int run_hits(Context& context, Options options) {
  options.count.more = {{"step", options.step}, {"group", options.group}, {"limit", options.limit}};
  print_counts(
      context,
      count_answer(context, options.count, "/api/v1/logs/hits", from_store(storage::hits_form())),
      [&options](Output& out, simdjson::dom::element data) {
        print_hits(out, data, options.group);
      });
  return 0;
}

}  // namespace

void define_hits(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  add_count_options(app, options->count);
  std::vector<std::string> steps(query::step_names().begin(), query::step_names().end());
  app.add_option("--step", options->step,
                 "the length of one step (default: one that fits the range)")
      .one_of(steps)
      .type_name("STEP");
  std::vector<std::string> groups(query::group_names().begin(), query::group_names().end());
  app.add_option("--group", options->group, "count the values of this field apart")
      .offers(groups)
      .type_name("FIELD");
  app.add_option("--limit", options->limit,
                 "at most so many values; the rest is summed up (default 20)")
      .whole_number(1)
      .type_name("N");
  app.callback([&program, options] {
    program.action = [options](Context& context) { return run_hits(context, *options); };
  });
}

}  // namespace logctl::cli
