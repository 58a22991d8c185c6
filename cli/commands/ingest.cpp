#include "cli/api_key.h"
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/ingest_progress.h"
#include "cli/daemon_target.h"
#include "cli/file_patterns.h"
#include "cli/stop_signals.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/ingest/import.h"
#include "shared/ingest/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

using State = ingest::ImportPlan::State;

constexpr std::uint32_t kMostJobs = 64;
constexpr std::size_t kMostBatchRows = 100'000;
constexpr std::size_t kShownProblems = 10;
constexpr auto kLastWordsWait = std::chrono::seconds(1);

struct Options {
  std::vector<std::string> files;
  std::string rejects;
  std::optional<std::uint64_t> max_rejects;
  std::uint32_t jobs = std::clamp(std::thread::hardware_concurrency(), 1U, kMostJobs);
  std::size_t batch_rows = ingest::ImportOptions().batch_rows;
  ingest::ImportRequest request;
  std::vector<std::string> maps;
  std::vector<std::string> defaults;
  std::string url;
  microseconds retry_for = DaemonTarget::Settings().retry_for;
  bool dry_run = false;
};

void check(const Options& options) {
  if (std::ranges::count(options.files, "-") > 1) {
    throw Error(ErrorCode::usage, "standard input (-) can be read only once");
  }
  if (options.request.tenant.empty()) {
    throw Error(ErrorCode::usage, "--tenant is empty, expected a name");
  }
  if (!options.url.empty() && options.request.tenant != "default") {
    throw Error(ErrorCode::usage,
                "--tenant is of no use with --url: the key decides on the tenant");
  }
  if (options.rejects == "-") {
    throw Error(ErrorCode::usage,
                "--rejects: found '-', expected a file: standard output is for the counts",
                "--rejects rejected.jsonl, or without it FILE.rejects.jsonl");
  }
  if (options.request.id.size() > 255) {
    throw Error(ErrorCode::usage, fmt::format("--import-id has {} bytes, at most 255 are allowed",
                                              options.request.id.size()));
  }
}

std::string shown(const ingest::ImportPlan& plan) {
  return plan.path == "-" ? "standard input" : plan.path.string();
}

std::uint64_t loaded_bytes(const ingest::ImportPlan& plan) {
  std::uint64_t sum = 0;
  for (const storage::ImportRange& range : plan.import.ranges) sum += range.end - range.begin;
  return sum;
}

std::uint64_t rejected_before(const ingest::ImportPlan& plan) {
  std::uint64_t sum = 0;
  for (const storage::ImportRange& range : plan.import.ranges) sum += range.rejected;
  return sum;
}

// What earlier runs mean for this one; empty when there were none.
std::string describe(const ingest::ImportPlan& plan) {
  const std::string& id = plan.import.id;
  switch (plan.state) {
    case State::fresh:
      return {};
    case State::changed:
      return "has changed since it was loaded: a new import, from its start";
    case State::resumed:
      return fmt::format("goes on where an earlier run stopped, {} of text are loaded (import {})",
                         human_size(loaded_bytes(plan)), id);
    case State::grown:
      return fmt::format("has grown, goes on behind the {} of text that are loaded (import {})",
                         human_size(loaded_bytes(plan)), id);
    case State::finished:
      return fmt::format("is loaded already (import {}, finished {}); --again loads it again", id,
                         format_rfc3339(*plan.import.finished_at));
  }
  return {};
}

struct Work {
  std::vector<ingest::ImportPlan> plans;
  std::uint64_t rejected = 0;  // by earlier runs, of what is not loaded again
};

// What is left to do, with word of what is not.
Work plan_work(Context& context, const Options& options, const std::vector<std::string>& files,
               storage::ImportStore* ledger) {
  Work work;
  for (const std::string& file : files) {
    ingest::ImportPlan plan =
        ingest::plan_import(file, options.request, ledger, context.clock().now());
    if (!options.dry_run) {
      plan.rejects = !options.rejects.empty()
                         ? options.rejects
                         : (file == "-" ? std::string("stdin") : file) + ".rejects.jsonl";
      plan.append_rejects = plan.state == State::resumed || plan.state == State::grown ||
                            (!options.rejects.empty() && !work.plans.empty());
    }
    std::string note = describe(plan);
    if (const std::uint64_t rejected = rejected_before(plan); rejected > 0) {
      work.rejected += rejected;
      note += fmt::format("; {} {} rejected then, see '{}'", rejected,
                          rejected == 1 ? "was" : "were", plan.rejects.string());
    }
    if (!note.empty()) context.out().note(fmt::format("{}: {}", shown(plan), note));
    if (plan.state != State::finished) work.plans.push_back(std::move(plan));
  }
  return work;
}

IngestProgress make_progress(Output& out, const std::vector<ingest::ImportPlan>& plans) {
  std::uint64_t size = 0;
  std::uint64_t skipped = 0;
  bool known = true;
  for (const ingest::ImportPlan& plan : plans) {
    size += plan.import.file.size;
    skipped += std::min(loaded_bytes(plan), plan.import.file.size);
    known = known && !plan.stream;
  }
  return {out, plans.size() == 1 ? shown(plans[0]) : fmt::format("{} files", plans.size()),
          known ? size : 0, skipped};
}

void print(Output& out, const ingest::ImportTotals& sum, std::chrono::duration<double> took,
           bool dry_run, std::uint64_t rejected_before) {
  std::vector<Field> fields = {
      {"accepted", sum.stored},
      {"duplicates", sum.duplicates},
      {"rejected", sum.rejected},
      {"bytes", sum.bytes},
      {"seconds", std::round(took.count() * 1000) / 1000},
  };
  // Why the exit status is 3 although this run rejected nothing.
  if (rejected_before > 0) fields.emplace_back("rejected_before", rejected_before);
  if (dry_run) fields.emplace_back("dry_run", true);
  out.object(fields);
}

// What was done so far, printed by the load when it ends or by the signal that ends it.
struct Report {
  using SteadyClock = std::chrono::steady_clock;

  void print_once(Output& out, bool dry_run) {
    if (std::exchange(printed, true)) return;
    print(out, sum, SteadyClock::now() - start, dry_run, rejected_before);
  }
  void last_words(Output& out, bool dry_run) noexcept {
    try {
      // A load that hangs in the middle of printing is not waited for.
      const std::unique_lock lock(printing, kLastWordsWait);
      if (!lock || sum.lines == 0) return;
      out.progress({});
      print_once(out, dry_run);
      out.flush();
    } catch (const std::exception&) {
      // Nobody reads it any more.
    }
  }

  std::timed_mutex printing;  // whoever prints holds it, and the rest here
  const SteadyClock::time_point start = SteadyClock::now();
  ingest::ImportTotals sum;
  std::uint64_t rejected_before = 0;  // by earlier runs, of what this one does not load again
  bool printed = false;
};

int load(Context& context, const Options& options, Work work, ingest::ImportTarget& target,
         storage::ImportStore* ledger, const std::shared_ptr<const ingest::Rules>& rules,
         std::size_t batch_rows, Report& report) {
  Output& out = context.out();
  std::vector<ingest::ImportPlan>& plans = work.plans;
  IngestProgress progress = make_progress(out, plans);
  std::size_t shown_problems = 0;
  report.rejected_before = work.rejected;

  ingest::ImportOptions how;
  how.jobs = options.jobs;
  how.batch_rows = batch_rows;
  how.max_rejects = options.max_rejects;
  how.progress = [&](const ingest::ImportTotals& totals) {
    const std::lock_guard lock(report.printing);
    report.sum = totals;
    progress.update(totals);
  };
  bool some_json = false;  // in the present file
  how.rejected = [&](const ingest::ImportPlan& plan, std::uint64_t line,
                     const Rejection& rejection) {
    some_json = some_json || rejection.reason != Reason::malformed;
    if (!options.dry_run || ++shown_problems > kShownProblems) return;
    const std::lock_guard lock(report.printing);
    progress.end();
    out.note(fmt::format("{}:{}: {}{}{} ({})", shown(plan), line, rejection.field,
                         rejection.field.empty() ? "" : ": ", rejection.message,
                         reason_name(rejection.reason)));
  };
  how.file_done = [&](const ingest::ImportPlan& plan, const ingest::ImportTotals& totals) {
    if (totals.rejected == 0) return;
    const std::lock_guard lock(report.printing);
    progress.end();
    const std::string where =
        plan.rejects.empty() ? "" : fmt::format(", see '{}'", plan.rejects.string());
    out.note(fmt::format("{}: {} of {} records {} rejected{}", shown(plan), totals.rejected,
                         totals.lines, options.dry_run ? "would be" : "were", where));
    const bool json = std::exchange(some_json, false);
    if (json || totals.rejected < totals.lines) return;
    out.note(fmt::format("{}: expected a JSON object in each line", shown(plan)));
  };
  ingest::ImportTotals sum;
  try {
    sum = ingest::import_files(plans, target, ledger, rules, context.clock(), how);
  } catch (const Error&) {
    const std::lock_guard lock(report.printing);
    progress.end();
    // What was stored until then stays stored: say how much, whatever the exit status.
    if (report.sum.lines > 0 || out.json()) {
      report.print_once(out, options.dry_run);
      out.flush();
    }
    throw;
  }
  const std::lock_guard lock(report.printing);
  report.sum = sum;
  progress.end();
  report.print_once(out, options.dry_run);
  // Nothing is well only because it is run again.
  return sum.rejected + work.rejected > 0 ? info(ErrorCode::partial).exit_status : 0;
}

int ingest_files(Context& context, const Options& options) {
  check(options);
  Report report;
  const StopSignals ended([&] { report.last_words(context.out(), options.dry_run); });
  const std::vector<std::string> files = expand_files(options.files);
  ingest::Rules rules(*context.config());
  rules.field_map = ingest::FieldMap(options.maps, options.defaults);
  if (!options.dry_run && options.url.empty()) {
    rules.limit_ages(maintenance::Policy(context.migrated_backend().retention->rules(),
                                         context.config()->retention.default_age));
  }
  const auto shared_rules = std::make_shared<const ingest::Rules>(std::move(rules));

  if (options.dry_run) {
    ingest::NoTarget target;
    return load(context, options, plan_work(context, options, files, nullptr), target, nullptr,
                shared_rules, options.batch_rows, report);
  }
  if (!options.url.empty()) {
    DaemonTarget::Settings settings;
    settings.url = options.url;
    settings.key = api_key(context.environment());
    settings.retry_for = options.retry_for;
    settings.connections = options.jobs;
    settings.sleep = [](microseconds pause) { std::this_thread::sleep_for(pause); };
    DaemonTarget target(settings);
    return load(context, options, plan_work(context, options, files, nullptr), target, nullptr,
                shared_rules, std::min(options.batch_rows, target.max_records()), report);
  }
  storage::Backend& store = context.migrated_backend(options.jobs);
  ingest::StoreTarget target(*store.logs);
  storage::ImportStore* ledger = store.imports.get();
  return load(context, options, plan_work(context, options, files, ledger), target, ledger,
              shared_rules, options.batch_rows, report);
}

}  // namespace

void define_ingest(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->files,
                 "files of JSON lines, plain or compressed with gzip or zstd; quoted patterns "
                 "(* ? [...]) are expanded, - is standard input")
      .required();
  app.add_option("--tenant", options->request.tenant, "whose records these are").show_default();
  app.add_option("--jobs", options->jobs,
                 "threads that parse, and on PostgreSQL connections that store")
      .in_range(1, kMostJobs)
      .type_name("N")
      .show_default();
  app.add_option("--batch-rows", options->batch_rows, "records that are stored at once, at most")
      .in_range(1, kMostBatchRows)
      .type_name("N")
      .show_default();
  app.add_option("--import-id", options->request.id,
                 "name of this import, by which it is resumed; without it made from the file's "
                 "identity. Standard input is resumable only with it")
      .type_name("ID");
  app.add_flag("--again", options->request.again,
               "load from the start what was loaded before; what is stored is not stored twice");
  app.add_option("--map", options->maps,
                 "take FIELD from another key, which may be dotted (user_id=user.id); repeatable")
      .type_name("FIELD=PATH");
  app.add_option("--defaults", options->defaults,
                 "FIELD of records that have none (service=shop); repeatable")
      .type_name("FIELD=VALUE");
  app.add_option("--rejects", options->rejects,
                 "where rejected lines go; without it FILE.rejects.jsonl")
      .type_name("FILE");
  app.add_option("--max-rejects", options->max_rejects,
                 "stop with status 1 when more records than that are rejected")
      .type_name("N");
  app.add_option("--url", options->url,
                 "send to the daemon at this address instead of the store; LOGCTL_API_KEY or "
                 "LOGCTL_API_KEY_FILE gives the key")
      .type_name("URL");
  app.add_duration("--retry-for", options->retry_for,
                   "with --url: how long one request is tried again");
  app.add_dry_run(options->dry_run, "check the records, show the first problems, change nothing");
  app.callback([&program, options] {
    program.action = [options](Context& context) { return ingest_files(context, *options); };
  });
}

}  // namespace logctl::cli
