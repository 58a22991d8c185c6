#include "shared/base/file_system.h"

#include "shared/base/errno_hint.h"
#include "shared/base/file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace logctl {
namespace {

[[noreturn]] void fail(std::string_view operation, const std::filesystem::path& path, int error) {
  throw Error(error == ENOSPC || error == EDQUOT ? ErrorCode::disk_full : ErrorCode::io,
              std::string(operation) + " '" + path.string() + "': " + errno_text(error),
              std::string(errno_hint(error)));
}

class RealFile final : public RandomFile {
 public:
  explicit RealFile(File file) : file_(std::move(file)) {}
  std::size_t read_at(std::uint64_t offset, std::span<char> out) const override {
    return file_.read_at(offset, out);
  }
  void write_at(std::uint64_t offset, std::span<const std::string_view> parts) override {
    file_.write_at(offset, parts);
  }
  void allocate(std::uint64_t size) override { file_.allocate(size); }
  void truncate(std::uint64_t size) override { file_.truncate(size); }
  void sync() override { file_.sync(); }
  std::uint64_t size() const override { return file_.size(); }

 private:
  File file_;
};

class RealLock final : public FileLock {
 public:
  explicit RealLock(File file) : file_(std::move(file)) {}

 private:
  File file_;  // closing it gives the lock back
};

class RealFileSystem final : public FileSystem {
 public:
  std::unique_ptr<RandomFile> open_read(const std::filesystem::path& path) override {
    return std::make_unique<RealFile>(File::open_read(path));
  }
  std::unique_ptr<RandomFile> open_read_write(const std::filesystem::path& path) override {
    return std::make_unique<RealFile>(File::open_read_write(path));
  }
  std::unique_ptr<RandomFile> create(const std::filesystem::path& path, unsigned mode) override {
    return std::make_unique<RealFile>(File::create(path, mode));
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) fail("rename", from, errno);
  }
  bool remove(const std::filesystem::path& path) override {
    if (::unlink(path.c_str()) == 0) return true;
    if (errno != ENOENT) fail("remove", path, errno);
    return false;
  }
  std::vector<std::string> list(const std::filesystem::path& directory) override {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator it(directory, error);
    for (; !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
      names.push_back(it->path().filename().string());
    }
    if (error && error.value() != ENOENT) fail("list", directory, error.value());
    std::ranges::sort(names);
    return names;
  }
  void make_directories(const std::filesystem::path& directory, unsigned mode) override {
    if (make_directory(directory, mode)) return;
    // Once the parent is there, nothing may be missing any more: below /proc it still would be.
    if (directory.has_parent_path()) make_directories(directory.parent_path(), mode);
    if (make_directory(directory, mode)) return;
    throw Error(ErrorCode::io, "make directory '" + directory.string() + "': " + errno_text(ENOENT),
                "nothing can be made there: name another place");
  }
  void sync_directory(const std::filesystem::path& directory) override {
    logctl::sync_directory(directory);
  }
  std::uint64_t free_bytes(const std::filesystem::path& directory) override {
    struct statvfs info {};
    if (::statvfs(directory.c_str(), &info) != 0) fail("stat the disk of", directory, errno);
    return std::uint64_t{info.f_bavail} * info.f_frsize;
  }
  std::unique_ptr<FileLock> try_lock(const std::filesystem::path& path) override {
    File file = File::open_append(path, 0600);
    if (::flock(file.fd(), LOCK_EX | LOCK_NB) == 0) {
      return std::make_unique<RealLock>(std::move(file));
    }
    if (errno != EWOULDBLOCK) fail("lock", path, errno);
    return nullptr;
  }

 private:
  // False when its parent is missing.
  bool make_directory(const std::filesystem::path& directory, unsigned mode) {
    if (::mkdir(directory.c_str(), static_cast<mode_t>(mode)) == 0) {
      sync_directory(directory_of(directory));
      return true;
    }
    const int error = errno;
    if (error == ENOENT) return false;
    if (error != EEXIST) fail("make directory", directory, error);
    // What has the name may be a file, or a symbolic link to what is not there.
    struct stat info {};
    if (::stat(directory.c_str(), &info) != 0) {
      if (errno != ENOENT) fail("make directory", directory, errno);
      throw Error(ErrorCode::io,
                  "make directory '" + directory.string() +
                      "': it is a symbolic link to something that does not exist",
                  "make what it leads to, or correct the link");
    }
    if (!S_ISDIR(info.st_mode)) fail("make directory", directory, ENOTDIR);
    return true;
  }
};

}  // namespace

FileSystem& real_file_system() {
  static RealFileSystem files;
  return files;
}

void replace_file(FileSystem& files, const std::filesystem::path& path, std::string_view content,
                  unsigned mode) {
  const std::filesystem::path temporary = path.string() + ".tmp";
  {
    const std::unique_ptr<RandomFile> file = files.create(temporary, mode);
    file->write_at(0, std::span(&content, 1));
    file->sync();
  }
  files.rename(temporary, path);
  files.sync_directory(directory_of(path));
}

std::filesystem::path directory_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace logctl
