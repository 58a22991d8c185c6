#include "shared/migrations/folder.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/storage/sql_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace logctl::migrations {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kSets = {"postgres", "sqlite", "sqlite-day"};

std::vector<fs::path> sql_files(const fs::path& directory) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  if (error) {
    const bool missing = error == std::errc::no_such_file_or_directory;
    throw Error(
        missing ? ErrorCode::not_found : ErrorCode::io,
        fmt::format("read the folder '{}': {}", directory.string(), errno_text(error.value())),
        "name an existing folder of NNNN_name.up.sql and .down.sql files with --dir");
  }
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : entries) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::int64_t number_of(const fs::path& file) {
  const std::string name = file.filename().string();
  std::int64_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

void check_name(std::string_view name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (!name.empty() && name.size() <= 60 && std::all_of(name.begin(), name.end(), good)) return;
  std::string better;
  for (const char c : name.substr(0, 60)) {
    const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    better += good(lower) ? lower : '_';
  }
  throw Error(ErrorCode::usage,
              fmt::format("'{}' is no name of a step, expected 1 to 60 of a-z, 0-9 and _", name),
              better.empty() ? "say in a word or two what it adds" : "try '" + better + "'");
}

void create_file(const fs::path& path, std::string_view text) {
  // Somebody else's file of the same number is not overwritten.
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) {
    throw Error(errno == EEXIST ? ErrorCode::conflict : ErrorCode::io,
                fmt::format("create '{}': {}", path.string(), errno_text(errno)));
  }
  File file(fd, path);
  try {
    file.write_all(text);
    file.sync();
    file.close();
  } catch (const Error&) {
    ::unlink(path.c_str());
    throw;
  }
}

}  // namespace

StepFolder::StepFolder(const fs::path& directory, std::string_view set) {
  std::error_code none;
  const fs::path below = directory / set;
  const fs::path folder = fs::is_directory(below, none) ? below : directory;
  for (const fs::path& path : sql_files(folder)) {
    files_.push_back({path.filename().string(), read_file(path)});
  }
  std::vector<storage::EmbeddedFile> files;
  for (const NamedText& file : files_) files.push_back({set, file.name, file.text});
  try {
    steps_ = storage::steps_of(set, files);
  } catch (const Error& error) {
    throw Error(ErrorCode::config, fmt::format("'{}': {}", folder.string(), error.message()),
                "each step is a pair NNNN_name.up.sql and NNNN_name.down.sql, numbered from 0001");
  }
  if (steps_.empty()) {
    throw Error(ErrorCode::not_found, fmt::format("'{}' holds no steps", folder.string()),
                "`logctl migrate create NAME --dir DIR` makes one");
  }
}

StepFiles create_step(const fs::path& directory, std::string_view name, bool transactional,
                      bool dry_run) {
  check_name(name);
  const std::vector<fs::path> files = sql_files(directory);
  std::error_code none;
  for (const std::string_view set : kSets) {
    if (!files.empty() || !fs::is_directory(directory / set, none)) continue;
    throw Error(ErrorCode::usage,
                fmt::format("'{}' holds a folder for each store, not steps", directory.string()),
                fmt::format("name one of them, like --dir {}", (directory / set).string()));
  }
  std::int64_t number = 1;
  for (const fs::path& file : files) number = std::max(number, number_of(file) + 1);
  if (number > 9999) throw Error(ErrorCode::conflict, "there is no number left below 10000");

  const std::string stem = fmt::format("{:04}_{}", number, name);
  StepFiles step{directory / (stem + ".up.sql"), directory / (stem + ".down.sql")};
  if (dry_run) return step;
  const std::string marker = transactional ? "" : fmt::format("{}\n", storage::kNoTransaction);
  const std::string_view rule =
      transactional
          ? "-- Runs in one transaction with its row in the ledger.\n"
          : "-- Each statement runs by itself, and again after a crash: use IF NOT EXISTS "
            "and IF EXISTS.\n";
  create_file(step.up,
              fmt::format("{}-- {}: say here what this adds, and why.\n{}", marker, name, rule));
  try {
    create_file(step.down, fmt::format("{}-- Takes back {}; what is dropped here is gone.\n{}",
                                       marker, stem, rule));
  } catch (const Error&) {
    ::unlink(step.up.c_str());
    throw;
  }
  sync_directory(directory);
  return step;
}

}  // namespace logctl::migrations
