// The dead letters that lie on disk.
#pragma once

#include "shared/ingest/dead_letters.h"

#include <utility>
#include <vector>

namespace logctl::test {

inline std::vector<ingest::DeadLetter> kept_letters(const config::Config& config) {
  std::vector<ingest::DeadLetter> all;
  const ingest::DeadLetterFiles files(ingest::dead_letter_directory(config));
  for (const auto& file : files.list()) {
    for (ingest::DeadLetter& letter : files.read(file).letters) all.push_back(std::move(letter));
  }
  return all;
}

}  // namespace logctl::test
