// `logctl streams export` and `import`.
#include "cli/arguments.h"
#include "cli/commands/ingest_progress.h"
#include "cli/commands/streams_actions.h"
#include "cli/counted.h"
#include "cli/export_file.h"
#include "shared/base/error.h"
#include "shared/config/options.h"
#include "shared/ingest/line_reader.h"
#include "shared/messages/transfer.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <utility>

namespace logctl::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;
using messages::MessageExporter;
using messages::MessageImporter;

constexpr std::uint64_t kCheckpointBytes = 4 * 1024 * 1024;
constexpr std::size_t kPieceBytes = 1024 * 1024;

double seconds_since(SteadyClock::time_point begin) {
  const std::chrono::duration<double> took = SteadyClock::now() - begin;
  return std::round(took.count() * 1000) / 1000;
}

std::optional<storage::MessageTime> bound(const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto time = messages::parse_time_or_day(text);
  if (time) return time;
  throw Error(ErrorCode::usage,
              fmt::format("{}: found '{}', expected a time such as 2026-01-15T10:30:00Z or a day "
                          "such as 2026-01-15",
                          option, terminal_safe(text)));
}

Compression compression_of(const ExportMessages& options) {
  // What was asked for goes before what the name suggests.
  if (options.gzip) return Compression::gzip;
  if (options.zstd) return Compression::zstd;
  if (options.to.ends_with(".gz")) return Compression::gzip;
  if (options.to.ends_with(".zst")) return Compression::zstd;
  return Compression::none;
}

// What makes two exports the same.
std::string fingerprint(const ExportMessages& options) {
  const char* const form = compression_of(options) == Compression::gzip   ? " gzip"
                           : compression_of(options) == Compression::zstd ? " zstd"
                                                                          : "";
  return fmt::format("messages{} namespace={} categories={} since={} until={}", form,
                     options.target.name_space, options.categories, options.since, options.until);
}

std::uint64_t size_of(const std::string& file) {
  std::error_code none;
  const std::uintmax_t size = file == "-" ? 0 : std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

// Counts and checks nothing but the lines.
std::size_t keep_nothing(std::span<const storage::Message> messages) { return messages.size(); }

void add_lines(MessageImporter& importer, const ingest::LinePiece& piece,
               std::uint64_t max_line_bytes) {
  std::uint64_t number = piece.first_line;
  if (piece.overlong) {
    throw Error(ErrorCode::validation_error,
                fmt::format("line {}: it has {} bytes, at most {} are allowed", number + 1,
                            piece.overlong->bytes, max_line_bytes));
  }
  std::string_view rest = piece.text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    importer.add(rest.substr(0, end), ++number);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void read_lines(const std::string& file, const std::string& shown, std::uint64_t max_message_bytes,
                MessageImporter& importer, IngestProgress& progress) {
  ingest::LineReader::Limits limits;
  limits.piece_bytes = kPieceBytes;
  limits.max_line_bytes = max_message_bytes * 2 + kPieceBytes;  // names and escapes around it
  ingest::LineReader reader(file, limits);  // names the file itself when there is none
  ingest::LinePiece piece;
  ingest::ImportTotals totals;
  try {
    while (reader.next(piece)) {
      add_lines(importer, piece, limits.max_line_bytes);
      totals.lines = importer.counts().lines;
      totals.read_bytes = piece.read_bytes;
      progress.update(totals);
    }
    importer.finish();
  } catch (const Error& error) {
    throw error.within(shown);
  }
}

void confirm_clearing(Context& context, const StreamSource& source, const ImportMessages& options) {
  const std::string& name = source.name_space();
  confirm_by_name(context,
                  fmt::format("every message of namespace '{}' will be removed for good", name),
                  options.confirm, name);
}

}  // namespace

void confirm_by_name(Context& context, const std::string& question, const std::string& given,
                     const std::string& name) {
  if (given.empty()) {
    return require_confirmation(context, question, false, "--confirm " + terminal_safe(name));
  }
  if (given == name) return;
  throw Error(ErrorCode::conflict,
              fmt::format("--confirm: '{}' was agreed to, '{}' would be removed",
                          terminal_safe(given), terminal_safe(name)));
}

int export_messages(Context& context, const ExportMessages& options) {
  if (options.to == "-" && options.resume) {
    throw Error(ErrorCode::usage, "--resume needs a file", "name it with --to FILE");
  }
  const auto begun = SteadyClock::now();
  messages::ExportChoice choice;
  choice.categories = config::split_list(options.categories);
  choice.since = bound("--since", options.since);
  choice.until = bound("--until", options.until);
  const auto source = open_source(context, options.target);
  Output& out = context.out();

  const auto start = options.resume      ? ExportFile::Start::resume
                     : options.overwrite ? ExportFile::Start::overwrite
                                         : ExportFile::Start::fresh;
  ExportFile file(options.to, compression_of(options), start, out);
  ExportState state;
  state.question = fingerprint(options);
  state.global_position = 1;
  if (file.earlier()) {
    require_same_question(*file.earlier(), state.question);
    state = *file.earlier();
    out.note(fmt::format("goes on behind {}", counted(state.records, "message")));
  }
  const std::uint64_t before = state.records;
  MessageExporter exporter(
      [&source](const storage::CategoryRead& read) { return source->read_category(read); },
      options.target.name_space, std::move(choice), state.global_position.value_or(1),
      source->last_global_position());
  bool saved = file.earlier().has_value();
  bool more = true;
  std::string lines;
  while (more) {
    lines.clear();
    more = exporter.next(lines);
    file.write(lines);
    state.global_position = exporter.position();
    state.records = before + exporter.messages();
    // The first one soon, so that there is something to go on from.
    if (!more || (saved && file.waiting() < kCheckpointBytes)) continue;
    file.checkpoint(state);
    saved = true;
  }
  file.finish();
  if (!file.to_file()) return 0;
  out.object({{"file", options.to},
              {"messages", state.records},
              {"bytes", file.bytes()},
              {"seconds", seconds_since(begun)}});
  return 0;
}

int import_messages(Context& context, const ImportMessages& options) {
  if (options.file == "-" && options.target.token_file == "-") {
    throw Error(ErrorCode::usage, "standard input (-) can be read only once");
  }
  const auto begun = SteadyClock::now();
  const std::uint64_t most = context.config()->messages.max_message_bytes;
  std::unique_ptr<StreamSource> source;
  // Only once there is something to put in its place: the wrong file must not cost the messages.
  bool to_clear = false;
  const auto clear = [&] {
    if (to_clear) source->clear();
    to_clear = false;
  };
  MessageImporter::Store store = keep_nothing;
  if (!options.dry_run) {
    source = open_source(context, options.target);
    if (options.force) confirm_clearing(context, *source, options);
    to_clear = options.force;
    store = [&](std::span<const storage::Message> chunk) {
      clear();
      return source->import(chunk);
    };
  }
  Output& out = context.out();
  const std::string shown = options.file == "-" ? "standard input" : options.file;
  IngestProgress progress(out, shown, size_of(options.file), 0);
  MessageImporter importer(std::move(store), most);
  const auto print = [&] {
    const messages::ImportedCounts& counts = importer.counts();
    std::vector<Field> fields = {{"imported", counts.imported},
                                 {"skipped", counts.skipped},
                                 {"globalPosition", counts.global_position},
                                 {"seconds", seconds_since(begun)}};
    if (options.dry_run) fields.emplace_back("dryRun", true);
    out.object(fields);
  };
  try {
    read_lines(options.file, shown, most, importer, progress);
    clear();  // for a file without messages
  } catch (const Error&) {
    progress.end();
    // What was stored until then stays stored: say how much, whatever the exit status.
    if (importer.counts().lines > 0) {
      print();
      out.flush();
    }
    throw;
  }
  progress.end();
  print();
  return 0;
}

}  // namespace logctl::cli
