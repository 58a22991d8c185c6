#include "shared/backup/workshop.h"

#include "shared/base/error.h"
#include "shared/base/file_system.h"
#include "shared/base/ids.h"
#include "shared/base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <vector>

namespace logctl::backup {
namespace {

constexpr std::size_t kBuffer = 256 * 1024;

std::string random_suffix() {
  std::array<unsigned char, 4> bytes{};
  random_bytes(bytes);
  return to_hex(bytes);
}

}  // namespace

Produce content_of(const std::filesystem::path& path) {
  return [path](PackWriter& pack) {
    File file = File::open_read(path);
    std::vector<char> buffer(kBuffer);
    while (const std::size_t n = file.read(buffer)) pack.write({buffer.data(), n});
  };
}

Workshop::Workshop(const Repository& repository, MakeSettings settings, std::string id,
                   const std::string& store, Timestamp now)
    : repository_(repository),
      settings_(std::move(settings)),
      id_(std::move(id)),
      now_(now),
      earlier_(repository, store, settings_.full, settings_.note) {
  real_file_system().make_directories(repository_.incoming(id_), 0750);
}

std::filesystem::path Workshop::scratch(const std::string& name) const {
  const std::filesystem::path folder = repository_.incoming(id_) / "scratch";
  real_file_system().make_directories(folder, 0750);
  return folder / name;
}

void Workshop::clear_scratch() const {
  std::error_code failed;
  std::filesystem::remove_all(repository_.incoming(id_) / "scratch", failed);
  if (failed) throw Error(ErrorCode::io, "remove the scratch folder: " + failed.message());
}

FileEntry Workshop::pack(const std::string& path, const std::filesystem::path& file, int helpers,
                         const Produce& produce) const {
  PackWriter writer(file, repository_.key(), settings_.level, helpers);
  produce(writer);
  FileEntry entry = writer.finish();
  entry.path = path;
  return entry;
}

FileEntry Workshop::pack_day(const std::string& name, int helpers, const Produce& produce) const {
  const std::string path = fmt::format("days/{}.{}.zst{}", name, random_suffix(),
                                       repository_.key() != nullptr ? ".enc" : "");
  return pack(path, repository_.at(path), helpers, produce);
}

FileEntry Workshop::pack_own(const std::string& name, const Produce& produce) const {
  const std::string file =
      fmt::format("{}.zst{}", name, repository_.key() != nullptr ? ".enc" : "");
  const std::filesystem::path target = repository_.incoming(id_) / file;
  real_file_system().make_directories(target.parent_path(), 0750);
  return pack(fmt::format("backups/{}/{}", id_, file), target, 0, produce);
}

FileEntry Workshop::pack_own_file(const std::string& name,
                                  const std::filesystem::path& from) const {
  return pack_own(name, content_of(from));
}

void Workshop::require_space(std::uint64_t packed, std::uint64_t temporary) const {
  if (!settings_.check_space) return;
  const std::uint64_t wanted =
      static_cast<std::uint64_t>(static_cast<double>(packed) * earlier_.ratio()) + temporary;
  const std::uint64_t free = real_file_system().free_bytes(repository_.directory());
  if (free >= wanted + settings_.min_free) return;
  throw Error(
      ErrorCode::disk_full,
      fmt::format("'{}' has {} free; this backup needs about {} ({} of it for a while), and "
                  "backup.min_free leaves {} to others",
                  repository_.directory().string(), human_size(free), human_size(wanted),
                  human_size(temporary), human_size(settings_.min_free)),
      "make room (`logctl backup prune`), or say --skip-space-check if the estimate is "
      "wrong");
}

void Workshop::note(std::string_view text) const {
  if (settings_.note) settings_.note(text);
}

}  // namespace logctl::backup
