// The file system as an interface, so that tests can fail every single operation and pull the plug.
// What must survive a power cut (the spool) goes through it; the rest uses base/file directly.
//
// Ownership: a file or lock is closed with its object. Threads: a FileSystem may be used by many; a
// RandomFile by many for reading, by one for writing, with sync() from any. Errors: as base/file
// (not_found, disk_full, io).
#pragma once

#include "shared/base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl {

// A file read and written at offsets.
class RandomFile {
 public:
  virtual ~RandomFile() = default;
  // Reads until `out` is full or the file ends.
  virtual std::size_t read_at(std::uint64_t offset, std::span<char> out) const = 0;
  // Writes the parts one after the other from `offset` on.
  virtual void write_at(std::uint64_t offset, std::span<const std::string_view> parts) = 0;
  // Makes the file at least `size` bytes long, with zeros; writes inside them find their disk space
  // reserved where the file system can do that.
  virtual void allocate(std::uint64_t size) = 0;
  virtual void truncate(std::uint64_t size) = 0;
  // Returns when content and size are on disk. After a failure the state on disk is unknown.
  virtual void sync() = 0;
  virtual std::uint64_t size() const = 0;
};

// Held until destroyed, or until the process ends in whatever way.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual std::unique_ptr<RandomFile> open_read(const std::filesystem::path& path) = 0;
  virtual std::unique_ptr<RandomFile> open_read_write(const std::filesystem::path& path) = 0;
  // Creates the file or cuts an existing one to nothing.
  virtual std::unique_ptr<RandomFile> create(const std::filesystem::path& path, unsigned mode) = 0;
  // Replaces what is at `to`. Like create and remove, durable after sync_directory.
  virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  // False when there was nothing to remove.
  virtual bool remove(const std::filesystem::path& path) = 0;
  // The names in a directory, sorted; none when it does not exist.
  virtual std::vector<std::string> list(const std::filesystem::path& directory) = 0;
  // Makes the directory and the missing ones above it, durably.
  virtual void make_directories(const std::filesystem::path& directory, unsigned mode) = 0;
  virtual void sync_directory(const std::filesystem::path& directory) = 0;
  // What an unprivileged process may still use on the disk that holds `directory`, in bytes.
  virtual std::uint64_t free_bytes(const std::filesystem::path& directory) = 0;
  // Nothing when another holder has it. The file is created when missing and never removed.
  virtual std::unique_ptr<FileLock> try_lock(const std::filesystem::path& path) = 0;
};

// The machine's; one instance serves the whole process.
FileSystem& real_file_system();

// Replaces `path` with `content` so that a crash leaves the old or the new text, never a mixture.
void replace_file(FileSystem& files, const std::filesystem::path& path, std::string_view content,
                  unsigned mode);

// The directory that holds `path`, as sync_directory wants it.
std::filesystem::path directory_of(const std::filesystem::path& path);

}  // namespace logctl
