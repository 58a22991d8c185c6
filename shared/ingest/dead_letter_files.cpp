#include "shared/ingest/dead_letter_files.h"

#include "shared/base/errno_hint.h"
#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/file_system.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace logctl::ingest {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kOwnerOnly = 0600;
constexpr std::string_view kExtension = ".jsonl";
constexpr microseconds kLockWait = seconds(10);

// Held for milliseconds; asking again costs little.
constexpr auto kAskAgain = milliseconds(2);

std::unique_ptr<FileLock> lock(const fs::path& directory) {
  const fs::path path = directory / "lock";
  const auto deadline = std::chrono::steady_clock::now() + kLockWait;
  while (true) {
    if (std::unique_ptr<FileLock> held = real_file_system().try_lock(path)) return held;
    if (std::chrono::steady_clock::now() >= deadline) {
      throw Error(ErrorCode::locked,
                  fmt::format("'{}' is locked by another process", path.string()),
                  "try again; `fuser` on this file shows who holds it");
    }
    std::this_thread::sleep_for(kAskAgain);
  }
}

// 0 for a name that is not one of ours.
std::uint64_t number_of(const fs::path& file) {
  if (file.extension() != kExtension) return 0;
  const std::string stem = file.stem().string();
  std::uint64_t number = 0;
  const auto read = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  return read.ec == std::errc() && read.ptr == stem.data() + stem.size() ? number : 0;
}

// Empty when the file has gone.
std::string read_if_there(const fs::path& file) {
  try {
    return read_file(file);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return {};
    throw;
  }
}

// 0 when the file has gone.
std::uint64_t size_of(const fs::path& file) {
  std::error_code missing;
  const std::uintmax_t size = fs::file_size(file, missing);
  return missing ? 0 : size;
}

// Calls `line` for every line, newline excluded.
template <typename Line>
void for_lines(std::string_view text, const Line& line) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// An administrator's command must leave the daemon a file that it can write.
void replace_as_owner(const fs::path& file, std::string_view content) {
  struct stat before {};
  const bool known = ::stat(file.c_str(), &before) == 0;
  replace_file(file, content, kOwnerOnly);
  if (!known || before.st_uid == ::geteuid()) return;
  if (::chown(file.c_str(), before.st_uid, before.st_gid) != 0) {
    throw Error(ErrorCode::io,
                fmt::format("give '{}' back to its owner: {}", file.string(), errno_text(errno)));
  }
}

// A file being appended to; what a failed append wrote is taken back as far as possible.
class Appending {
 public:
  explicit Appending(const fs::path& path)
      : file_(File::open_append(path, kOwnerOnly)), size_(file_.size()) {
    // The last line of a writer that was killed ends here, so that it costs no other.
    if (size_ > 0 && !ends_with_newline(path)) write("\n");
  }
  std::uint64_t size() const { return size_; }
  void write(std::string_view text) {
    try {
      file_.write_all(text);
    } catch (const Error&) {
      std::error_code ignored;
      fs::resize_file(file_.path(), size_, ignored);
      throw;
    }
    size_ += text.size();
  }
  void finish() {
    file_.sync();
    file_.close();
  }

 private:
  static bool ends_with_newline(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    in.seekg(-1, std::ios::end);
    return in.get() == '\n';
  }

  File file_;
  std::uint64_t size_;
};

// Removes the oldest files until `more` bytes fit; the newest one stays.
void make_room(std::vector<fs::path>& files, std::uint64_t more, std::uint64_t max_bytes,
               std::vector<DeadLetterFiles::Removed>& removed) {
  std::uint64_t total = more;
  for (const fs::path& file : files) total += size_of(file);
  while (total > max_bytes && files.size() > 1) {
    const std::string content = read_if_there(files.front());
    const auto lines = std::ranges::count(content, '\n');
    real_file_system().remove(files.front());
    removed.push_back({files.front(), static_cast<std::uint64_t>(lines)});
    total -= std::min<std::uint64_t>(total, content.size());
    files.erase(files.begin());
  }
}

}  // namespace

std::vector<fs::path> DeadLetterFiles::list() const {
  std::vector<fs::path> files;
  std::error_code failed;
  const fs::directory_iterator entries(directory_, failed);
  if (failed && failed != std::errc::no_such_file_or_directory) {
    throw Error(ErrorCode::io,
                fmt::format("read directory '{}': {}", directory_.string(), failed.message()),
                std::string(errno_hint(failed.value())));
  }
  for (const fs::directory_entry& entry : entries) {
    if (number_of(entry.path()) > 0) files.push_back(entry.path());
  }
  std::ranges::sort(files, {}, number_of);
  return files;
}

std::vector<DeadLetterFiles::Removed> DeadLetterFiles::append(std::string_view lines,
                                                              const Bounds& bounds) const {
  real_file_system().make_directories(directory_, 0700);
  const std::unique_ptr<FileLock> held = lock(directory_);
  // With two files at least, removing the oldest never removes all.
  const std::uint64_t file_bytes = std::min(bounds.file_bytes, bounds.max_bytes / 2);
  std::vector<Removed> removed;
  std::vector<fs::path> files = list();
  while (!lines.empty()) {
    if (files.empty() || size_of(files.back()) >= file_bytes) {
      const std::uint64_t last = files.empty() ? 0 : number_of(files.back());
      files.push_back(directory_ / fmt::format("{:010}{}", last + 1, kExtension));
      File::create(files.back(), kOwnerOnly).close();
      sync_directory(directory_);
    }
    Appending file(files.back());
    // Up to the end of the line that fills the file.
    const std::uint64_t room = file_bytes > file.size() ? file_bytes - file.size() : 1;
    std::size_t end = lines.size();
    if (room < lines.size()) end = std::min(lines.find('\n', room - 1), lines.size() - 1) + 1;
    make_room(files, end, bounds.max_bytes, removed);
    file.write(lines.substr(0, end));
    file.finish();
    lines.remove_prefix(end);
  }
  return removed;
}

DeadLetterFiles::Content DeadLetterFiles::read(const fs::path& file) const {
  std::string text;
  {
    const std::unique_ptr<FileLock> held = lock(directory_);
    text = read_if_there(file);
  }
  Content content;
  for_lines(text, [&content](std::string_view line) {
    if (std::optional<DeadLetter> letter = read_letter(line)) {
      content.letters.push_back(std::move(*letter));
    } else {
      ++content.damaged;
    }
  });
  return content;
}

void DeadLetterFiles::change(const fs::path& file, const Changes& changes) const {
  if (changes.empty()) return;
  const std::unique_ptr<FileLock> held = lock(directory_);
  const std::string before = read_if_there(file);
  if (before.empty()) return;
  std::string after;
  bool changed = false;
  for_lines(before, [&](std::string_view line) {
    const std::optional<DeadLetter> letter = read_letter(line);
    const auto found = letter ? changes.find(letter->id) : changes.end();
    if (found == changes.end()) {
      after.append(line) += '\n';
      return;
    }
    changed = true;
    if (found->second) append_line(after, *found->second);
  });
  if (!changed) return;
  if (!after.empty()) return replace_as_owner(file, after);
  real_file_system().remove(file);
  sync_directory(directory_);
}

}  // namespace logctl::ingest
