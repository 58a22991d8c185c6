#include "shared/backup/earlier.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace logctl::backup {
namespace {

// Before there is a backup to learn from: log records compress better than this.
constexpr double kUsualRatio = 0.4;
constexpr std::uint64_t kEnoughToLearn = 1 << 20;

bool in_place(const Repository& repository, const FileEntry& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(repository.at(file.path), failed);
  return !failed && size == file.bytes;
}

}  // namespace

EarlierBackups::EarlierBackups(const Repository& repository, const std::string& store, bool full,
                               const std::function<void(std::string_view)>& note)
    : ratio_(kUsualRatio) {
  const std::string key_id = repository.key() != nullptr ? repository.key()->id() : "";
  std::uint64_t raw = 0;
  std::uint64_t packed = 0;
  for (const std::string& id : repository.ids()) {
    Manifest manifest;
    try {
      manifest = repository.read(id);
    } catch (const Error& error) {
      if (note) note(fmt::format("left out: {}", error.message()));
      continue;
    }
    // A file that needs another key would make a new backup need two.
    if (manifest.store != store || manifest.key_id != key_id) continue;
    for (Partition& partition : manifest.partitions) {
      if (!partition.file) continue;
      raw += partition.file->raw_bytes;
      packed += partition.file->bytes;
      if (full || partition.stamp.empty() || !in_place(repository, *partition.file)) continue;
      partitions_[{partition.name, partition.stamp}] = std::move(partition);
    }
  }
  if (raw > kEnoughToLearn) ratio_ = static_cast<double>(packed) / static_cast<double>(raw);
}

const Partition* EarlierBackups::find(const std::string& name, const std::string& stamp) const {
  if (stamp.empty()) return nullptr;
  const auto found = partitions_.find({name, stamp});
  return found == partitions_.end() ? nullptr : &found->second;
}

}  // namespace logctl::backup
