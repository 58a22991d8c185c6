#include "shared/ingest/file_identity.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/hash.h"
#include "shared/base/ids.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/ingest/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace logctl::ingest {
namespace {

constexpr std::uint64_t kEnd = 64 * 1024;

std::string hash_of(const File& file, std::uint64_t from, std::uint64_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(file.fd(), bytes.data() + done, bytes.size() - done,
                                static_cast<off_t>(from + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw Error(ErrorCode::io,
                  fmt::format("read '{}': {}", file.path().string(), errno_text(errno)));
    }
    if (got == 0) break;  // it became shorter meanwhile: another hash
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return sha256_hex(bytes);
}

std::string head_hash(const File& file, std::uint64_t size) {
  return hash_of(file, 0, std::min(size, kEnd));
}

std::string tail_hash(const File& file, std::uint64_t size) {
  const std::uint64_t length = std::min(size, kEnd);
  return hash_of(file, size - length, length);
}

struct stat status_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    throw Error(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                fmt::format("open '{}': {}", path.string(), errno_text(errno)));
  }
  return status;
}

// Stores keep only UTF-8.
std::string name_of(const std::filesystem::path& path) {
  std::string name = std::filesystem::absolute(path).lexically_normal().string();
  return is_utf8(name) ? name : "base64url:" + base64url_encode(name);
}

}  // namespace

bool is_stream(const std::filesystem::path& path) {
  if (path == "-") return true;
  const struct stat status = status_of(path);
  if (S_ISDIR(status.st_mode)) {
    throw Error(ErrorCode::io, path.string() + " is a folder, expected a file of JSON lines");
  }
  return !S_ISREG(status.st_mode);
}

storage::ImportFile file_identity(const std::filesystem::path& path) {
  const File file = File::open_read(path);
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) {
    throw Error(ErrorCode::io, fmt::format("stat '{}': {}", path.string(), errno_text(errno)));
  }
  storage::ImportFile identity;
  identity.name = name_of(path);
  identity.size = static_cast<std::uint64_t>(status.st_size);
  identity.modified_at =
      from_micros(status.st_mtim.tv_sec * 1'000'000 + status.st_mtim.tv_nsec / 1000);
  identity.inode = status.st_ino;
  identity.head_sha256 = head_hash(file, identity.size);
  identity.tail_sha256 = tail_hash(file, identity.size);
  return identity;
}

storage::ImportFile stream_identity(const std::filesystem::path& path) {
  storage::ImportFile identity;
  identity.name = path == "-" ? "-" : name_of(path);
  return identity;
}

std::string difference_between(const storage::ImportFile& before, const storage::ImportFile& now) {
  std::vector<std::string> all;
  if (before.size != now.size) {
    all.push_back(fmt::format("it had {} bytes and has {}", before.size, now.size));
  }
  if (before.head_sha256 != now.head_sha256) all.emplace_back("its start differs");
  if (before.tail_sha256 != now.tail_sha256) all.emplace_back("its end differs");
  if (before.modified_at != now.modified_at) {
    all.push_back(fmt::format("it was changed at {} and then at {}",
                              format_rfc3339(before.modified_at), format_rfc3339(now.modified_at)));
  }
  if (before.inode != now.inode) all.emplace_back("it is another file of the same name");
  return fmt::format("{}", fmt::join(all, ", "));
}

bool has_grown(const std::filesystem::path& path, const storage::ImportFile& before,
               const storage::ImportFile& now) {
  if (now.size <= before.size) return false;
  const File file = File::open_read(path);
  return head_hash(file, before.size) == before.head_sha256 &&
         tail_hash(file, before.size) == before.tail_sha256;
}

}  // namespace logctl::ingest
