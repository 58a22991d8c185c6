// Files, and the only fsync in the project. Everything throws Error naming the operation and the
// path: not_found, disk_full, or io for the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace logctl {

// Owns a file descriptor. Movable; one thread at a time.
class File {
 public:
  File() = default;
  File(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  static File open_read(const std::filesystem::path& path);
  static File open_read_write(const std::filesystem::path& path);
  // Creates the file, or cuts an existing one to nothing, for reading and writing.
  static File create(const std::filesystem::path& path, unsigned mode = 0644);
  static File open_append(const std::filesystem::path& path, unsigned mode = 0644);

  // Reads up to out.size() bytes; 0 is the end.
  std::size_t read(std::span<char> out);
  void write_all(std::string_view data);
  // Reads from `offset` until `out` is full or the file ends.
  std::size_t read_at(std::uint64_t offset, std::span<char> out) const;
  // Writes the parts one after the other from `offset` on.
  void write_at(std::uint64_t offset, std::span<const std::string_view> parts);
  // Makes the file at least `size` bytes long, with zeros, and reserves the disk space for them
  // where the file system can do that.
  void allocate(std::uint64_t size);
  void truncate(std::uint64_t size);
  // Returns when the data is on disk. After a failure the state on disk is unknown: do not write
  // on.
  void sync();
  // Reports the error that a destructor would have to swallow.
  void close();

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const;

 private:
  int fd_ = -1;
  std::filesystem::path path_;
};

// Makes creations, renames and removals in `directory` durable.
void sync_directory(const std::filesystem::path& directory);
// Replaces `path` with `content` so that a crash leaves the old or the new text, never a mixture.
void replace_file(const std::filesystem::path& path, std::string_view content,
                  unsigned mode = 0644);
std::string read_file(const std::filesystem::path& path);

}  // namespace logctl
