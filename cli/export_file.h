// Where an export goes: a file that appears under its name only when it is complete, and can be
// gone on with after a crash; or standard output.
//
// Until it is complete, the text lies in NAME.partial, and NAME.partial.state says how much of it
// is on disk and which record comes next. Both belong to one process at a time (a lock). One
// thread. Throws Error{conflict} when there is something in the way, Error{io, disk_full} as
// base/file.
#pragma once

#include "cli/output.h"
#include "shared/base/compression.h"
#include "shared/base/file.h"
#include "shared/base/file_system.h"
#include "shared/query/query.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::cli {

// How far an export has got: everything up to here is in the file.
struct ExportState {
  std::string question;  // what was asked, as it was written
  std::optional<Timestamp> since;
  std::optional<Timestamp> until;
  std::optional<query::Cursor> after;           // of records
  std::optional<std::int64_t> global_position;  // of messages: the next one
  std::uint64_t records = 0;
  std::uint64_t file_bytes = 0;
};

// Throws Error{conflict} when `earlier` is of another question.
void require_same_question(const ExportState& earlier, const std::string& question);

class ExportFile {
 public:
  enum class Start { fresh, resume, overwrite };
  // `path` `-` is standard output, which is `out`. `compression` is none, gzip or zstd.
  ExportFile(const std::filesystem::path& path, Compression compression, Start start, Output& out);

  // Where an earlier run stopped; nothing when this one begins.
  const std::optional<ExportState>& earlier() const { return earlier_; }
  bool to_file() const { return !path_.empty(); }

  void write(std::string_view text);
  // Bytes of text since the last checkpoint.
  std::uint64_t waiting() const { return waiting_; }
  // Brings what was written to disk, and `state` with it (whose file_bytes it sets).
  void checkpoint(ExportState state);
  // Nothing more comes: the file gets its name.
  void finish();
  std::uint64_t bytes() const { return bytes_; }  // of the file, as it lies there

 private:
  void look_for_obstacles(Start start) const;
  void read_state();
  void end_frame();
  void put(std::string_view bytes);

  std::unique_ptr<Compressor> make_compressor() const;

  const Compression compression_;
  Output& out_;
  std::filesystem::path path_;  // empty: standard output
  std::filesystem::path partial_;
  std::filesystem::path state_file_;
  std::unique_ptr<FileLock> lock_;
  File file_;
  std::unique_ptr<Compressor> compressor_;
  std::string compressed_;
  std::optional<ExportState> earlier_;
  std::uint64_t waiting_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace logctl::cli
