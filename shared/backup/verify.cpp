#include "shared/backup/verify.h"

#include "shared/backup/parallel.h"
#include "shared/base/error.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace logctl::backup {

Verified verify(const Repository& repository, const std::vector<std::string>& ids,
                std::size_t jobs) {
  const File lock = repository.lock_for_reading();
  Verified result;
  // What the manifests say about a file: one entry each, unless they disagree.
  std::map<std::pair<std::string, std::string>, FileEntry> files;
  std::map<std::string, std::vector<std::string>> needed_by;
  for (const std::string& id : ids) {
    ++result.backups;
    try {
      const Manifest manifest = repository.read(id);
      for (const FileEntry* file : manifest.all_files()) {
        files[{file->path, file->sha256}] = *file;
        needed_by[file->path].push_back(id);
      }
    } catch (const Error& error) {
      result.problems.push_back({id, fmt::format("backups/{}", id), error.message()});
    }
  }
  std::vector<const FileEntry*> list;
  for (const auto& [name, file] : files) list.push_back(&file);
  std::vector<std::string> found(list.size());
  in_parallel(jobs, list.size(), [&] {
    return [&](std::size_t i) { found[i] = check_file(repository.at(list[i]->path), *list[i]); };
  });
  for (std::size_t i = 0; i < list.size(); ++i) {
    ++result.files;
    result.bytes += list[i]->bytes;
    if (found[i].empty()) continue;
    for (const std::string& id : needed_by[list[i]->path]) {
      result.problems.push_back({id, list[i]->path, found[i]});
    }
  }
  return result;
}

}  // namespace logctl::backup
