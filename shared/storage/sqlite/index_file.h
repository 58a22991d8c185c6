// One index of one closed day, in a file of its own: DIR/indexes/DAY.FIELD.sqlite.
//
// The day's rows are cut into blocks of some 64 rows, each a stretch of time apart from the others.
// The file says for each value, or for each three letters of the message (FTS5), in which blocks it
// occurs. That makes a list of stretches of time that a query reads with its own condition, so the
// file may say too much, never too little. It is written once, as a whole, and never changed; it
// carries the token of the day that it belongs to (late_rows.h) and can be thrown away at any time.
#pragma once

#include "shared/storage/index_field.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/time_spans.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::storage::sqlite {

inline constexpr std::size_t kRowsPerBlock = 64;
// What a file that is being written is called besides its name.
inline constexpr std::string_view kUnfinished = ".new";

std::filesystem::path index_file(const Directory& directory, Day day, std::string_view field);
// Everything in the folder of the indexes; nothing when there is none.
std::vector<std::filesystem::path> index_files(const Directory& directory);
// Day and field of a file's name; nothing when it is no such file.
std::optional<std::pair<Day, std::string>> parse_index_file(const std::filesystem::path& file);

// Writes one. One thread. What was not finished is removed with the writer.
class IndexWriter {
 public:
  IndexWriter(std::filesystem::path target, IndexField field, std::string token);
  ~IndexWriter();
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;

  const IndexField& field() const { return field_; }
  // The field of the next row; for the text index, the message.
  void add(std::string_view value);
  // The rows since the last block make one.
  void end_block(TimeSpan span);
  // Durable and in its place when it returns.
  void finish();

 private:
  void flush();

  std::filesystem::path target_;
  std::filesystem::path unfinished_;
  IndexField field_;
  std::string token_;
  std::optional<Connection> connection_;
  std::int64_t block_ = 0;  // the current one
  std::string text_;        // of the current block
  std::set<std::string, std::less<>> values_;
  std::vector<std::pair<std::string, std::int64_t>> entries_;  // not yet written
};

// Reads one. One thread at a time.
class IndexFile {
 public:
  // Throws Error{not_found} when it is gone.
  explicit IndexFile(const std::filesystem::path& file);

  const std::string& token() const { return token_; }
  // Where rows with exactly this value can be. Nothing when that is most of the day.
  std::optional<TimeSpans> with_value(std::string_view value);
  // Where rows with this text in the message can be. Nothing when that is most of the day, or when
  // the text is too short to tell.
  std::optional<TimeSpans> with_text(std::string_view text);

 private:
  std::optional<TimeSpans> read(Statement& select);

  Connection connection_;
  std::string token_;
  std::int64_t blocks_ = 0;
};

}  // namespace logctl::storage::sqlite
