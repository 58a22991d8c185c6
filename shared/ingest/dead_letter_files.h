// The files that hold dead letters: numbered files of JSON lines in one directory, oldest first.
//
// Daemon and command line use them side by side: whoever appends to a file or replaces one holds
// the directory's lock meanwhile, for milliseconds. Every object may be used by several threads.
// Files are readable by their owner only, because refused text was not cleaned of secrets. Errors:
// Error{io} from the file system, Error{locked} when another process sits on the lock.
#pragma once

#include "shared/ingest/dead_letter.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::ingest {

class DeadLetterFiles {
 public:
  // The directory need not exist: it is made with the first letter.
  explicit DeadLetterFiles(std::filesystem::path directory) : directory_(std::move(directory)) {}

  const std::filesystem::path& directory() const { return directory_; }

  struct Bounds {
    std::uint64_t file_bytes = 0;  // a file that reached it is not continued
    std::uint64_t max_bytes = 0;   // of all files: the oldest are removed before
  };
  struct Removed {
    std::filesystem::path file;
    std::uint64_t letters = 0;
  };
  // Appends whole lines; when it returns they are on disk. After an exception some of them may be.
  // Says which files had to go.
  std::vector<Removed> append(std::string_view lines, const Bounds& bounds) const;

  // The files there are, oldest first.
  std::vector<std::filesystem::path> list() const;

  struct Content {
    std::vector<DeadLetter> letters;
    std::uint64_t damaged =
        0;  // lines that are no letters, such as the last one of a killed daemon
  };
  // The letters of one file; none when it has gone meanwhile.
  Content read(const std::filesystem::path& file) const;

  // Takes letters out of a file (nothing) or puts others in their places, by id. The file is
  // replaced as a whole, or removed when nothing is left: a crash leaves the old or the new one.
  using Changes = std::map<std::string, std::optional<DeadLetter>, std::less<>>;
  void change(const std::filesystem::path& file, const Changes& changes) const;

 private:
  const std::filesystem::path directory_;
};

}  // namespace logctl::ingest
