#include "cli/export_file.h"

#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <system_error>
#include <utility>

namespace logctl::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kZstdLevel = 3;
constexpr int kGzipLevel = 6;

fs::path with_suffix(const fs::path& path, std::string_view suffix) {
  fs::path result = path;
  result += suffix;
  return result;
}

std::string state_text(const ExportState& state) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("question", state.question);
  if (state.since) json.field("since", *state.since);
  if (state.until) json.field("until", *state.until);
  if (state.after) json.field("cursor", query::format_cursor(*state.after));
  if (state.global_position) json.field("global_position", *state.global_position);
  json.field("records", state.records).field("file_bytes", state.file_bytes).end_object();
  return text + "\n";
}

std::optional<Timestamp> time_of(simdjson::dom::element object, const char* name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return std::nullopt;
  return parse_rfc3339(text);
}

// Nothing when it is not what state_text wrote.
std::optional<ExportState> parse_state(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::element object;
  ExportState state;
  std::string_view question;
  if (parser.parse(text).get(object) != simdjson::SUCCESS ||
      object["question"].get(question) != simdjson::SUCCESS ||
      object["records"].get(state.records) != simdjson::SUCCESS ||
      object["file_bytes"].get(state.file_bytes) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  state.question = question;
  state.since = time_of(object, "since");
  state.until = time_of(object, "until");
  std::string_view cursor;
  if (object["cursor"].get(cursor) == simdjson::SUCCESS) {
    state.after = query::parse_cursor(cursor);
    if (!state.after) return std::nullopt;
  }
  std::int64_t position = 0;
  if (object["global_position"].get(position) == simdjson::SUCCESS) {
    state.global_position = position;
  }
  return state;
}

}  // namespace

void require_same_question(const ExportState& earlier, const std::string& question) {
  if (earlier.question == question) return;
  throw Error(ErrorCode::conflict,
              fmt::format("the export that was stopped asked something else: {}; now: {}",
                          earlier.question, question),
              "ask the same to go on, or --overwrite to begin again");
}

ExportFile::ExportFile(const fs::path& path, Compression compression, Start start, Output& out)
    : compression_(compression), out_(out) {
  if (path == "-") return;
  path_ = path;
  partial_ = with_suffix(path, ".partial");
  state_file_ = with_suffix(path, ".partial.state");
  look_for_obstacles(start);
  lock_ = real_file_system().try_lock(partial_);
  if (!lock_) {
    throw Error(ErrorCode::locked,
                fmt::format("'{}' is being written by another export", partial_.string()));
  }
  if (start == Start::resume) read_state();
  if (!earlier_) real_file_system().remove(state_file_);
  file_ = File::open_append(partial_, 0640);
  bytes_ = earlier_ ? earlier_->file_bytes : 0;
  if (file_.size() < bytes_) {
    throw Error(ErrorCode::conflict,
                fmt::format("'{}' has {} bytes, but {} of them are said to be there",
                            partial_.string(), file_.size(), bytes_),
                "--overwrite begins again");
  }
  file_.truncate(bytes_);
}

void ExportFile::look_for_obstacles(Start start) const {
  std::error_code none;
  if (start == Start::overwrite) return;
  const bool partial = fs::exists(state_file_, none);
  if (partial && start == Start::fresh) {
    throw Error(ErrorCode::conflict,
                fmt::format("'{}' is there: an export into '{}' was stopped", state_file_.string(),
                            path_.string()),
                "--resume goes on with it, --overwrite begins again");
  }
  if (!partial && fs::exists(path_, none)) {
    throw Error(ErrorCode::conflict, fmt::format("'{}' is there already", path_.string()),
                "--overwrite replaces it once the new one is complete");
  }
}

void ExportFile::read_state() {
  std::error_code none;
  if (!fs::exists(state_file_, none)) return;
  earlier_ = parse_state(read_file(state_file_));
  if (!earlier_) {
    throw Error(ErrorCode::conflict,
                fmt::format("'{}' does not say where to go on", state_file_.string()),
                "--overwrite begins again");
  }
}

void ExportFile::put(std::string_view bytes) {
  if (bytes.empty()) return;
  if (to_file()) {
    file_.write_all(bytes);
  } else {
    out_.raw(bytes);
  }
  bytes_ += bytes.size();
}

std::unique_ptr<Compressor> ExportFile::make_compressor() const {
  if (compression_ == Compression::gzip) return std::make_unique<GzipWriter>(kGzipLevel);
  return std::make_unique<ZstdWriter>(kZstdLevel);
}

void ExportFile::write(std::string_view text) {
  waiting_ += text.size();
  if (compression_ == Compression::none) return put(text);
  if (!compressor_) compressor_ = make_compressor();
  compressed_.clear();
  compressor_->write(text, false, compressed_);
  put(compressed_);
}

// A file of several frames or members is read like one of one.
void ExportFile::end_frame() {
  if (!compressor_) return;
  compressed_.clear();
  compressor_->write({}, true, compressed_);
  put(compressed_);
  compressor_.reset();
}

void ExportFile::checkpoint(ExportState state) {
  waiting_ = 0;
  if (!to_file()) return;
  end_frame();
  file_.sync();
  state.file_bytes = bytes_;
  replace_file(state_file_, state_text(state), 0640);
}

void ExportFile::finish() {
  // An empty text is a frame as well, or the file would be none of its kind.
  if (compression_ != Compression::none && !compressor_ && bytes_ == 0) {
    compressor_ = make_compressor();
  }
  end_frame();
  if (!to_file()) return;
  file_.sync();
  file_.close();
  FileSystem& files = real_file_system();
  files.rename(partial_, path_);
  files.remove(state_file_);
  files.sync_directory(directory_of(path_));
}

}  // namespace logctl::cli
