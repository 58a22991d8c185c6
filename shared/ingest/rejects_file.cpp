#include "shared/ingest/rejects_file.h"

#include "shared/base/ids.h"
#include "shared/base/json_writer.h"

#include <simdjson.h>

#include <utility>

namespace logctl::ingest {
namespace {

constexpr std::size_t kBufferBytes = 1024 * 1024;
constexpr std::size_t kMostRaw = 64 * 1024;
constexpr unsigned kOwnerOnly = 0600;

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

// Does not end in the middle of a character.
std::string_view start_of(std::string_view text) {
  text = text.substr(0, kMostRaw);
  std::size_t end = text.size();
  while (end > 0 && text.size() - end < 3 &&
         (static_cast<unsigned char>(text[end - 1]) & 0xC0U) == 0x80U) {
    --end;
  }
  const bool torn = end > 0 && (static_cast<unsigned char>(text[end - 1]) & 0xC0U) == 0xC0U &&
                    !is_utf8(text.substr(end - 1));
  return torn ? text.substr(0, end - 1) : text;
}

}  // namespace

RejectsFile::RejectsFile(std::filesystem::path path, std::string input, bool append)
    : path_(std::move(path)), input_(std::move(input)), append_(append) {}

void RejectsFile::add(std::uint64_t line, const Rejection& rejection, std::string_view raw,
                      bool truncated) {
  JsonWriter writer(buffer_);
  writer.begin_object()
      .field("file", input_)
      .field("line", line)
      .field("field", rejection.field)
      .field("reason", reason_name(rejection.reason))
      .field("message", rejection.message);
  if (truncated || raw.size() > kMostRaw) {
    truncated = true;
    raw = start_of(raw);
  }
  if (is_utf8(raw)) {
    writer.field("raw", raw);
  } else {
    writer.field("raw_base64url", base64url_encode(raw));
  }
  if (truncated) writer.field("truncated", true);
  writer.end_object();
  buffer_ += '\n';
  if (buffer_.size() >= kBufferBytes) flush();
}

void RejectsFile::flush() {
  if (buffer_.empty()) return;
  if (!file_.is_open()) {
    file_ = append_ ? File::open_append(path_, kOwnerOnly) : File::create(path_, kOwnerOnly);
  }
  file_.write_all(buffer_);
  buffer_.clear();
}

void RejectsFile::finish() {
  flush();
  if (!file_.is_open()) return;
  if (!std::filesystem::is_regular_file(path_)) return file_.close();  // /dev/null cannot be synced
  file_.sync();
  file_.close();
  const std::filesystem::path folder = path_.parent_path();
  sync_directory(folder.empty() ? "." : folder);
}

}  // namespace logctl::ingest
