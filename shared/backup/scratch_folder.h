// A folder for what a drill or a restore unpacks. It goes away with its object; what killed runs
// have left is removed by the next one.
#pragma once

#include "shared/base/file.h"

#include <filesystem>

namespace logctl::backup {

class ScratchFolder {
 public:
  // Makes a fresh folder below `parent`, which must exist.
  explicit ScratchFolder(const std::filesystem::path& parent);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  File lock_;  // held as long as the folder is in use
};

}  // namespace logctl::backup
