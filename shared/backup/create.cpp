#include "shared/backup/create.h"

#include "shared/backup/id.h"
#include "shared/base/error.h"
#include "shared/base/ownership.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <system_error>

namespace logctl::backup {
namespace {

// Removes the unfinished backup unless it was finished. Day files that were written already are
// removed by the next run, which knows that no manifest names them.
class Unfinished {
 public:
  explicit Unfinished(std::filesystem::path path) : path_(std::move(path)) {}
  ~Unfinished() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  void finished() { path_.clear(); }

 private:
  std::filesystem::path path_;
};

void sort_by_name(Manifest& manifest) {
  std::ranges::sort(manifest.partitions, {}, &Partition::name);
  std::ranges::sort(manifest.tables, {}, &Table::name);
  std::ranges::sort(manifest.files, {}, &FileEntry::path);
}

void make(const Repository& repository, Place& place, const CreateSettings& settings,
          Manifest& manifest, const Clock& clock) {
  const auto begin = std::chrono::steady_clock::now();
  manifest.created_at = clock.now();
  manifest.id = next_id(repository.newest(), manifest.created_at);
  manifest.store = place.kind();
  manifest.target = place.shown();
  manifest.tool_version = settings.tool_version;
  manifest.spooled = settings.spooled;
  if (repository.key() != nullptr) manifest.key_id = repository.key()->id();
  Unfinished unfinished(repository.incoming(manifest.id));
  const Workshop workshop(repository, settings.make, manifest.id, place.kind(),
                          manifest.created_at);
  manifest.type = workshop.earlier().empty() ? "full" : "incremental";
  place.save(workshop, manifest);
  sort_by_name(manifest);
  manifest.took =
      std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin);
  repository.commit(manifest);
  unfinished.finished();
}

}  // namespace

Manifest create(const Repository& repository, Place& place, const CreateSettings& settings,
                const Clock& clock) {
  repository.create();
  const File lock = repository.lock("logctl backup create");
  const auto sweep = [&] {
    const Repository::Swept swept = repository.sweep();
    if (!settings.make.note) return swept;
    for (const std::string& dead : swept.dead) {
      settings.make.note(fmt::format("removed what is left of {}", dead));
    }
    return swept;
  };
  sweep();
  Manifest manifest;
  try {
    make(repository, place, settings, manifest, clock);
  } catch (const Error&) {
    // Give the room back now rather than at the next run; the first error is the one to tell.
    try {
      repository.sweep();
    } catch (const Error&) {
    }
    throw;
  }
  give_contents_to_owner_of(repository.directory());
  return manifest;
}

}  // namespace logctl::backup
