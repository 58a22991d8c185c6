// Where a backup is made: its folder, the files that go into it, and what earlier backups have.
//
// Lives as long as one `create`. `pack_*` and `note` may be called by many threads.
#pragma once

#include "shared/backup/earlier.h"
#include "shared/backup/manifest.h"
#include "shared/backup/repository.h"
#include "shared/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace logctl::backup {

struct MakeSettings {
  std::size_t jobs = 2;
  int level = 3;               // of zstd
  std::uint64_t min_free = 0;  // of the disk, left to others
  bool full = false;           // take nothing over from earlier backups
  bool check_space = true;
  std::function<void(std::string_view)> note = {};
};

using Produce = std::function<void(PackWriter&)>;

class Workshop {
 public:
  // Reads the manifests of the earlier backups of this kind of store.
  Workshop(const Repository& repository, MakeSettings settings, std::string id,
           const std::string& store, Timestamp now);

  const MakeSettings& settings() const { return settings_; }
  Timestamp now() const { return now_; }
  // A folder for files that do not become part of the backup.
  std::filesystem::path scratch(const std::string& name) const;
  // Removes the scratch folder, before the backup is complete.
  void clear_scratch() const;

  const EarlierBackups& earlier() const { return earlier_; }

  // A day file, which later backups may refer to, compressed with so many `helpers`; a file of this
  // backup only.
  FileEntry pack_day(const std::string& name, int helpers, const Produce& produce) const;
  FileEntry pack_own(const std::string& name, const Produce& produce) const;
  // The bytes of `from`, packed.
  FileEntry pack_own_file(const std::string& name, const std::filesystem::path& from) const;

  // Throws Error{disk_full} unless the disk has room for `packed` bytes (before compression) and
  // `temporary` ones, as far as earlier backups tell.
  void require_space(std::uint64_t packed, std::uint64_t temporary) const;
  void note(std::string_view text) const;

 private:
  FileEntry pack(const std::string& path, const std::filesystem::path& file, int helpers,
                 const Produce& produce) const;

  const Repository& repository_;
  const MakeSettings settings_;
  const std::string id_;
  const Timestamp now_;
  const EarlierBackups earlier_;
};

// Copies the content of a file into a pack.
Produce content_of(const std::filesystem::path& file);

}  // namespace logctl::backup
