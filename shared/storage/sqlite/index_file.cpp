#include "shared/storage/sqlite/index_file.h"

#include "shared/base/file.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <system_error>

namespace logctl::storage::sqlite {
namespace {

constexpr std::string_view kSuffix = ".sqlite";
constexpr std::size_t kDayBytes = 10;
constexpr int kPageBytes = 8192;
// Longer values are told apart by the query itself.
constexpr std::size_t kMostValueBytes = 64;
// Entries go into their tree in runs that are sorted in memory.
constexpr std::size_t kEntriesPerRun = 256 * 1024;
// So many parts of a text tell enough about where it can be.
constexpr int kMostTrigrams = 32;

std::string_view key_of(std::string_view value) { return value.substr(0, kMostValueBytes); }

bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

std::string encoded(std::string_view field) {
  std::string out;
  for (const char c : field) {
    if (is_plain(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    unsigned byte = 0;
    const char* end = text.data() + i + 3;
    if (std::from_chars(text.data() + i + 1, end, byte, 16).ptr != end) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

std::size_t sequence_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// An FTS5 question for every three letters in a row; empty when there are none.
std::string trigrams_of(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); i += sequence_size(text[i])) starts.push_back(i);
  std::string question;
  for (std::size_t i = 0; i + 2 < starts.size() && i < kMostTrigrams; ++i) {
    const std::size_t end = i + 3 < starts.size() ? starts[i + 3] : text.size();
    question += question.empty() ? "\"" : " AND \"";
    for (const char c : text.substr(starts[i], end - starts[i])) {
      if (c == '"') question += '"';
      question += c;
    }
    question += '"';
  }
  return question;
}

}  // namespace

std::vector<std::filesystem::path> index_files(const Directory& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  std::filesystem::directory_iterator entries(directory.indexes(), error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    files.push_back(entries->path());
  }
  return files;
}

std::filesystem::path index_file(const Directory& directory, Day day, std::string_view field) {
  return directory.indexes() / fmt::format("{}.{}{}", format_day(day), encoded(field), kSuffix);
}

std::optional<std::pair<Day, std::string>> parse_index_file(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  if (!name.ends_with(kSuffix) || name.size() < kDayBytes + 2 + kSuffix.size()) return std::nullopt;
  const std::string_view text = name;
  const auto day = parse_day(text.substr(0, kDayBytes));
  if (!day || text[kDayBytes] != '.') return std::nullopt;
  auto field = decoded(text.substr(kDayBytes + 1, text.size() - kDayBytes - 1 - kSuffix.size()));
  if (!field) return std::nullopt;
  return std::pair{*day, std::move(*field)};
}

IndexWriter::IndexWriter(std::filesystem::path target, IndexField field, std::string token)
    : target_(std::move(target)),
      unfinished_(target_.string() + std::string(kUnfinished)),
      field_(std::move(field)),
      token_(std::move(token)) {
  std::error_code none;
  std::filesystem::remove(unfinished_, none);  // of a run that was killed
  connection_.emplace(unfinished_, Mode::create, milliseconds(0));
  // Nobody reads it before it is whole, and finish() brings it to disk.
  connection_->execute(fmt::format(
      "PRAGMA page_size = {}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; "
      "CREATE TABLE about (token TEXT NOT NULL, blocks INTEGER NOT NULL) STRICT; "
      "CREATE TABLE blocks (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, "
      "last INTEGER NOT NULL) STRICT",
      kPageBytes));
  connection_->execute(field_.kind == IndexField::Kind::text
                           ? "CREATE VIRTUAL TABLE words USING fts5(text, content = '', "
                             "detail = none, columnsize = 0, tokenize = 'trigram')"
                           : "CREATE TABLE entries (value TEXT NOT NULL, block INTEGER NOT NULL, "
                             "PRIMARY KEY (value, block)) STRICT, WITHOUT ROWID");
}

IndexWriter::~IndexWriter() {
  if (!connection_) return;
  connection_.reset();
  std::error_code none;
  std::filesystem::remove(unfinished_, none);
}

void IndexWriter::add(std::string_view value) {
  if (value.empty()) return;
  if (field_.kind == IndexField::Kind::text) {
    text_ += value;
    text_ += '\n';
  } else if (const std::string_view key = key_of(value); !values_.contains(key)) {
    values_.emplace(key);
  }
}

void IndexWriter::end_block(TimeSpan span) {
  Statement block = connection_->prepare("INSERT INTO blocks VALUES (?1, ?2, ?3)");
  block.bind(1, block_);
  block.bind(2, to_micros(span.first));
  block.bind(3, to_micros(span.last));
  block.run();
  if (!text_.empty()) {
    Statement words = connection_->prepare("INSERT INTO words (rowid, text) VALUES (?1, ?2)");
    words.bind(1, block_);
    words.bind(2, text_);
    words.run();
    text_.clear();
  }
  for (auto value = values_.begin(); value != values_.end();) {
    entries_.emplace_back(std::move(values_.extract(value++).value()), block_);
  }
  ++block_;
  if (entries_.size() >= kEntriesPerRun) flush();
}

void IndexWriter::flush() {
  if (entries_.empty()) return;
  std::sort(entries_.begin(), entries_.end());
  Statement insert = connection_->prepare("INSERT INTO entries VALUES (?1, ?2)");
  for (const auto& [value, block] : entries_) {
    insert.bind(1, value);
    insert.bind(2, block);
    insert.run();
  }
  entries_.clear();
}

void IndexWriter::finish() {
  flush();
  if (field_.kind == IndexField::Kind::text) {
    connection_->execute("INSERT INTO words (words) VALUES ('optimize')");
  }
  {
    Statement about = connection_->prepare("INSERT INTO about VALUES (?1, ?2)");
    about.bind(1, token_);
    about.bind(2, block_);
    about.run();
  }
  connection_->execute("COMMIT");
  connection_.reset();
  File file = File::open_read_write(unfinished_);
  file.sync();
  file.close();
  std::filesystem::rename(unfinished_, target_);
  sync_directory(target_.parent_path());
}

IndexFile::IndexFile(const std::filesystem::path& file)
    : connection_(file, Mode::unchanging, milliseconds(0)) {
  Statement about = connection_.prepare("SELECT token, blocks FROM about");
  if (!about.step()) return;
  token_ = about.text(0);
  blocks_ = about.integer(1);
}

std::optional<TimeSpans> IndexFile::with_value(std::string_view value) {
  Statement select = connection_.prepare(
      "SELECT block, first, last FROM entries JOIN blocks ON id = block WHERE value = ?1 "
      "ORDER BY block LIMIT ?2");
  select.bind(1, key_of(value));
  return read(select);
}

std::optional<TimeSpans> IndexFile::with_text(std::string_view text) {
  const std::string question = trigrams_of(text);
  if (question.empty() || text.find('\0') != std::string_view::npos) return std::nullopt;
  Statement select = connection_.prepare(
      "SELECT words.rowid, first, last FROM words JOIN blocks ON id = words.rowid "
      "WHERE words MATCH ?1 ORDER BY words.rowid LIMIT ?2");
  select.bind(1, question);
  return read(select);
}

// Blocks are numbered in the order of time; neighbours make one stretch.
std::optional<TimeSpans> IndexFile::read(Statement& select) {
  const std::int64_t most = blocks_ / 2 + 1;
  select.bind(2, most + 1);
  TimeSpans spans;
  std::int64_t found = 0;
  std::int64_t before = -2;
  while (select.step()) {
    if (++found > most) return std::nullopt;
    const std::int64_t block = select.integer(0);
    const TimeSpan span{from_micros(select.integer(1)), from_micros(select.integer(2))};
    if (block == before + 1) {
      spans.back().last = span.last;
    } else {
      spans.push_back(span);
    }
    before = block;
  }
  return spans;
}

}  // namespace logctl::storage::sqlite
