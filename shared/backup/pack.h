// One file of a backup on its way to disk and back: compressed with zstd, encrypted when there is a
// key, and identified by the SHA-256 of what lies on the disk.
//
// One thread each. Errors: `disk_full` and `io` as base/file, `drift` when a file is not what its
// entry says.
#pragma once

#include "shared/backup/key.h"
#include "shared/base/compression.h"
#include "shared/base/file.h"
#include "shared/base/hash.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::backup {

// A file as the manifest names it.
struct FileEntry {
  std::string path;  // below the backup directory
  std::uint64_t bytes = 0;
  std::uint64_t raw_bytes = 0;  // before compression and encryption
  std::string sha256;
};

class PackWriter {
 public:
  // Creates the file. `key` may be null and must outlive the writer. `helpers`: as ZstdWriter's.
  PackWriter(const std::filesystem::path& file, const Key* key, int level, int helpers);
  void write(std::string_view data);
  // Ends the file and brings it to disk. `path` of the entry is the caller's to set.
  FileEntry finish();

 private:
  void put(std::string_view data, bool last);

  File file_;
  ZstdWriter compress_;
  std::optional<Encryptor> encrypt_;
  Sha256 sha256_;
  FileEntry entry_;
  std::string waiting_, compressed_, encrypted_;
};

// Gives the content of the file to `take`, piece by piece; at the end the whole file has been
// compared with `entry`. When that fails, `take` has had wrong data.
void unpack(const std::filesystem::path& file, const FileEntry& entry, const Key* key,
            const std::function<void(std::string_view)>& take);
// The same into a new file, which is on disk afterwards.
void unpack_to(const std::filesystem::path& file, const FileEntry& entry, const Key* key,
               const std::filesystem::path& target);

// What is wrong with the file on disk; empty when nothing is. Reads all of it.
std::string check_file(const std::filesystem::path& file, const FileEntry& entry);

}  // namespace logctl::backup
