// `logctl tail`: the newest records, oldest first, and with -f what comes after them. On the store,
// the daemon's own hub runs in this process.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/daemon_call.h"
#include "cli/file_records.h"
#include "cli/file_store.h"
#include "cli/query_flags.h"
#include "cli/records.h"
#include "cli/remote_logs.h"
#include "cli/terminal_text.h"
#include "cli/wire_record.h"
#include "service/tail/hub.h"
#include "service/tail/others.h"
#include "service/tail/position.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/metrics/observer.h"
#include "shared/query/parameters.h"
#include "shared/query/record_json.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

constexpr std::uint64_t kDefaultLines = 10;
constexpr std::uint64_t kMostLines = 1000;
constexpr milliseconds kTurn{50};
// Standard output may be slow, and nobody else is served from here.
constexpr std::uint64_t kWaitingBytes = 64 * 1024 * 1024;

struct Options {
  QueryFlags flags;
  std::uint64_t lines = kDefaultLines;
  bool follow = false;
  std::string url;
  std::vector<std::string> files;
};

query::Query read_query(const Options& options, const config::Config& config, Timestamp now) {
  query::Query question = read_question(parameters_of(options.flags), options.flags.tenant,
                                        config.ingest.event_types, now);
  question.limit = static_cast<std::uint32_t>(options.lines);
  question.offset = 0;
  return question;
}

// Prints while records come: a table is never finished, so its rows are lines of their own.
class LivePrinter {
 public:
  explicit LivePrinter(Output& out) : out_(out) {
    if (out_.format() == OutputFormat::csv || out_.format() == OutputFormat::plain) {
      rows_ = std::make_unique<RecordPrinter>(out_);
    }
  }

  void line(std::string_view json) {
    if (out_.json()) {
      out_.raw(std::string(json) + '\n');
      return;
    }
    Arena arena;
    const LogRecord record = read_wire_record(json, arena);
    if (rows_) return rows_->add(record);
    const std::string_view source = record.service.empty() ? record.event_type : record.service;
    const std::string_view words = record.message.empty() ? record.event_name : record.message;
    out_.raw(fmt::format("{}  {:<8}  {}  {}\n", format_rfc3339(record.timestamp),
                         level_name(record.level).empty() ? "-" : level_name(record.level),
                         source.empty() ? "-" : terminal_safe(source), terminal_safe(words)));
  }
  void flush() { out_.flush(); }

 private:
  Output& out_;
  std::unique_ptr<RecordPrinter> rows_;
};

std::string json_of(const LogRecord& record) {
  std::string json;
  query::append_record(json, record);
  return json;
}

// Out of the store, or of files.
int show_records(Context& context, const Options& options) {
  const query::Query question = read_query(options, *context.config(), context.clock().now());
  std::optional<FileStore> files;
  if (!options.files.empty()) files.emplace(context, options.files, question);
  storage::LogStore& store = files ? *files->backend().logs : *context.existing_backend().logs;
  storage::Page page;
  if (question.limit > 0) page = store.search(question);
  RecordPrinter printer(context.out());
  const auto& records = page.batch.records;
  for (auto record = records.rbegin(); record != records.rend(); ++record) printer.add(*record);
  printer.end();
  if (files) files->tell_bad_lines();
  return 0;
}

int show_remote(Context& context, const Options& options) {
  std::vector<std::string> lines;
  if (options.lines > 0) {
    query::Parameters parameters = parameters_of(options.flags);
    parameters.emplace_back("limit", std::to_string(options.lines));
    read_remote_records(context, options.url, parameters,
                        [&lines](std::string_view line) { lines.emplace_back(line); });
  }
  RecordPrinter printer(context.out());
  Arena arena;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    printer.add(read_wire_record(*line, arena));
  }
  printer.end();
  return 0;
}

int follow_store(Context& context, const Options& options) {
  const query::Query question = read_query(options, *context.config(), context.clock().now());
  if (question.until) {
    throw Error(ErrorCode::usage, "--follow goes on with what comes: it takes no --until",
                "`logctl query` shows what was");
  }
  storage::Backend& backend = context.existing_backend();
  metrics::Observer observer(*context.config());
  tail::Hub::Limits limits;
  limits.subscriber_bytes = kWaitingBytes;
  tail::Hub hub(limits);
  const auto subscriber = hub.subscribe(question, std::nullopt).subscriber;
  tail::Others others(backend.arrivals, *backend.logs, hub, context.clock(), observer);

  LivePrinter printer(context.out());
  std::set<std::string> printed;
  if (question.limit > 0) {
    const storage::Page page = backend.logs->search(question);
    const auto& records = page.batch.records;
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
      printed.insert(tail::format_position(*record));
      printer.line(json_of(*record));
    }
    printer.flush();
  }
  while (true) {
    const tail::Subscriber::Taken taken = subscriber->take(kWaitingBytes, {});
    for (const tail::EventPointer& event : taken.events) {
      if (!printed.contains(event->position)) printer.line(event->json);
    }
    if (taken.skipped > 0) {
      context.out().note(fmt::format(
          "{} records were skipped: they came faster than they were taken", taken.skipped));
    }
    if (taken.empty()) {
      std::this_thread::sleep_for(kTurn);
    } else {
      printer.flush();
    }
  }
}

int follow_daemon(Context& context, const Options& options) {
  query::Parameters parameters = parameters_of(options.flags);
  parameters.emplace_back("lines", std::to_string(options.lines));
  LivePrinter printer(context.out());
  follow_remote(
      context, options.url, parameters, [&printer](std::string_view json) { printer.line(json); },
      [&printer] { printer.flush(); });
  return 0;
}

int run_tail(Context& context, const Options& options) {
  if (options.lines > kMostLines) {
    throw Error(ErrorCode::usage,
                fmt::format("--lines: expected 0 to {}, found {}", kMostLines, options.lines),
                "`logctl query` shows more");
  }
  if (options.follow && !options.files.empty()) {
    throw Error(ErrorCode::usage, "--follow goes on with a store or a daemon, not with --file",
                "`tail -F FILE | logctl query --file - --limit 0 -o jsonl` follows a file");
  }
  if (!options.url.empty()) require_no_tenant(options.flags.tenant);
  if (options.url.empty()) {
    return options.follow ? follow_store(context, options) : show_records(context, options);
  }
  return options.follow ? follow_daemon(context, options) : show_remote(context, options);
}

}  // namespace

void define_tail(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  add_query_flags(app, options->flags);
  app.add_flag("-f,--follow", options->follow, "go on with what comes, until interrupted");
  app.add_option("-n,--lines", options->lines, "begin with so many of the newest records")
      .whole_number(0)
      .type_name("N")
      .show_default();
  Option url = add_url(app, options->url);
  add_files(app, options->files).excludes(url);
  app.callback([&program, options] {
    program.action = [options](Context& context) { return run_tail(context, *options); };
  });
}

}  // namespace logctl::cli
