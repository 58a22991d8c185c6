// Reads backups from end to end and says what is not as it was written.
#pragma once

#include "shared/backup/repository.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::backup {

struct Problem {
  std::string backup;
  std::string file;  // below the backup directory; empty: the backup as a whole
  std::string what;
};

struct Verified {
  std::vector<Problem> problems;
  std::uint64_t backups = 0;
  std::uint64_t files = 0;  // each read once, however many backups need it
  std::uint64_t bytes = 0;
};

// Manifest, and size and SHA-256 of every file that it names. Needs no key; with the key, the
// manifest's keyed hash is compared too.
Verified verify(const Repository& repository, const std::vector<std::string>& ids,
                std::size_t jobs);

}  // namespace logctl::backup
