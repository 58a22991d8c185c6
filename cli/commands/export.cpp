// `logctl export`: everything that matches, page by page, oldest first.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/counted.h"
#include "cli/daemon_call.h"
#include "cli/export_file.h"
#include "cli/file_records.h"
#include "cli/file_store.h"
#include "cli/query_flags.h"
#include "cli/records.h"
#include "cli/remote_logs.h"
#include "cli/wire_record.h"
#include "shared/base/error.h"
#include "shared/ingest/native_json.h"
#include "shared/query/syntax.h"
#include "shared/storage/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

constexpr std::uint32_t kPageRecords = 1000;
// What a killed run loses at most, and what two fsyncs cost: little of either.
constexpr std::uint64_t kCheckpointBytes = 4 * 1024 * 1024;
constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

struct Options {
  QueryFlags flags;
  std::string to = "-";
  std::string format;
  bool zstd = false;
  bool resume = false;
  bool overwrite = false;
  std::uint64_t limit = 0;
  std::string url;
  std::vector<std::string> files;
};

class Collected final : public Sink {
 public:
  void write(std::string_view text) override { text_ += text; }
  void flush() override {}
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
};

// Records as text of the asked format.
class Encoder {
 public:
  explicit Encoder(bool csv, bool begun) : csv_(csv) {
    OutputSettings settings;
    settings.format = OutputFormat::csv;
    output_ = std::make_unique<Output>(sink_, sink_, settings);
    printer_ = std::make_unique<RecordPrinter>(*output_);
    if (!csv_) return;
    printer_->begin();
    if (begun) sink_.take();  // the header is in the file
  }
  std::string encode(const LogRecord& record) {
    if (!csv_) return ingest::native_json(record) + "\n";
    printer_->add(record);
    return sink_.take();
  }
  // What is left: the header of a table without rows.
  std::string rest() { return sink_.take(); }

 private:
  const bool csv_;
  Collected sink_;
  std::unique_ptr<Output> output_;
  std::unique_ptr<RecordPrinter> printer_;
};

bool ends_with(std::string_view name, std::string_view suffix) { return name.ends_with(suffix); }

bool is_compressed(const Options& options) { return options.zstd || ends_with(options.to, ".zst"); }

bool is_csv(const Options& options) {
  if (!options.format.empty()) return options.format == "csv";
  return ends_with(options.to, ".csv") || ends_with(options.to, ".csv.zst");
}

// What makes two exports the same.
std::string fingerprint(const Options& options, const query::Parameters& parameters) {
  std::string text =
      fmt::format("{}{} tenant={} limit={}", is_csv(options) ? "csv" : "jsonl",
                  is_compressed(options) ? " zstd" : "", options.flags.tenant, options.limit);
  if (!options.url.empty()) text += " url=" + options.url;
  for (const auto& [name, value] : parameters) text += fmt::format(" {}={}", name, value);
  return text;
}

// Bounds before now stay what they were in the first run.
void go_on(query::Query& query, ExportState& state, const ExportState& earlier, Output& out) {
  require_same_question(earlier, state.question);
  query.since = earlier.since;
  query.until = earlier.until;
  query.after = earlier.after;
  state = earlier;
  out.note(fmt::format("goes on behind {}", counted(earlier.records, "record")));
}

// Takes records as they come and keeps what a later run goes on from.
class Exporter {
 public:
  Exporter(ExportFile& file, ExportState state, bool csv)
      : file_(file),
        state_(std::move(state)),
        encoder_(csv, file.earlier().has_value()),
        saved_(file.earlier().has_value()) {}

  std::uint64_t records() const { return state_.records; }
  void add(const LogRecord& record) {
    file_.write(encoder_.encode(record));
    ++state_.records;
  }
  // Everything up to here was added.
  void reached(const query::Cursor& position) {
    state_.after = position;
    // The first one soon, so that there is something to go on from.
    if (saved_ && file_.waiting() < kCheckpointBytes) return;
    file_.checkpoint(state_);
    saved_ = true;
  }
  void finish() {
    file_.write(encoder_.rest());
    file_.finish();
  }

 private:
  ExportFile& file_;
  ExportState state_;
  Encoder encoder_;
  bool saved_;
};

void export_store(storage::LogStore& store, query::Query query, std::uint64_t most,
                  Exporter& exporter) {
  while (exporter.records() < most) {
    query.limit = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(kPageRecords, most - exporter.records()));
    const storage::Page page = store.search(query);
    for (const LogRecord& record : page.batch.records) exporter.add(record);
    if (!page.next) break;
    query.after = page.next;
    exporter.reached(*page.next);
  }
}

void export_daemon(Context& context, const std::string& url, const query::Query& query,
                   std::uint64_t most, Exporter& exporter) {
  if (exporter.records() >= most) return;
  query::Parameters parameters = {{"sort_order", "asc"}};
  // Written out: times before now are those of the first run.
  if (const std::string text = query::format_text(query); !text.empty()) {
    parameters.emplace_back("q", text);
  }
  if (query.after) parameters.emplace_back("cursor", query::format_cursor(*query.after));
  const bool limited = most != kAll;
  parameters.emplace_back("limit", limited ? std::to_string(most - exporter.records()) : "0");
  auto arena = std::make_unique<Arena>();
  std::uint32_t waiting = 0;
  read_remote_records(context, url, parameters, [&](std::string_view line) {
    const LogRecord record = read_wire_record(line, *arena);
    exporter.add(record);
    if (++waiting < kPageRecords) return;
    exporter.reached({record.timestamp, std::string(record.event_id)});
    waiting = 0;
    arena = std::make_unique<Arena>();
  });
}

int run_export(Context& context, const Options& options) {
  const auto begun = std::chrono::steady_clock::now();
  const query::Parameters parameters = parameters_of(options.flags);
  const bool at_daemon = !options.url.empty();
  if (at_daemon) require_no_tenant(options.flags.tenant);
  // Which types of events there are, the daemon knows.
  query::Query query =
      read_question(parameters, options.flags.tenant,
                    at_daemon ? std::vector<std::string>() : context.config()->ingest.event_types,
                    context.clock().now());
  query.order = query::Order::ascending;
  Output& out = context.out();
  const auto start = options.resume      ? ExportFile::Start::resume
                     : options.overwrite ? ExportFile::Start::overwrite
                                         : ExportFile::Start::fresh;
  const bool at_store = !at_daemon && options.files.empty();
  if (at_store) context.existing_backend();  // before a file is begun
  const Compression compression = is_compressed(options) ? Compression::zstd : Compression::none;
  ExportFile file(options.to, compression, start, out);
  ExportState state;
  state.question = fingerprint(options, parameters);
  state.since = query.since;
  state.until = query.until;
  if (file.earlier()) go_on(query, state, *file.earlier(), out);

  Exporter exporter(file, state, is_csv(options));
  const std::uint64_t most = options.limit == 0 ? kAll : options.limit;
  if (at_daemon) {
    export_daemon(context, options.url, query, most, exporter);
  } else if (at_store) {
    export_store(*context.existing_backend().logs, query, most, exporter);
  } else {
    FileStore files(context, options.files, query);
    files.tell_bad_lines();
    export_store(*files.backend().logs, query, most, exporter);
  }
  exporter.finish();
  if (!file.to_file()) return 0;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  out.object({{"file", options.to},
              {"records", exporter.records()},
              {"bytes", file.bytes()},
              {"seconds", std::round(took.count() * 1000) / 1000}});
  return 0;
}

}  // namespace

void define_export(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  add_query_flags(app, options->flags);
  app.add_option("--to", options->to,
                 "the file, which appears when it is complete; - is standard output")
      .type_name("FILE")
      .show_default();
  app.add_option("--format", options->format,
                 "JSON lines that `logctl ingest` takes, or a table; without it by FILE's "
                 "name, else jsonl")
      .one_of({"jsonl", "csv"});
  app.add_flag("--zstd", options->zstd, "compress; also when FILE ends in .zst");
  app.add_option("--limit", options->limit, "at most so many records; 0: all")
      .whole_number(0)
      .type_name("N")
      .show_default();
  Option resume = app.add_flag("--resume", options->resume,
                               "go on where an export of the same question into FILE was stopped; "
                               "without one, begin");
  app.add_flag("--overwrite", options->overwrite, "replace FILE, and what a stopped export left")
      .excludes(resume);
  Option url = add_url(app, options->url);
  add_files(app, options->files).excludes(url).excludes(resume);
  app.callback([&program, options] {
    program.action = [options](Context& context) {
      if (options->to == "-" && options->resume) {
        throw Error(ErrorCode::usage, "--resume needs a file", "name it with --to FILE");
      }
      return run_export(context, *options);
    };
  });
}

}  // namespace logctl::cli
