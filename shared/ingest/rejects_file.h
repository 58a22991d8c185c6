// The dead letters of an import: one JSON line per rejected line, with everything needed to fix it.
//
// {"file","line","field","reason","message","raw"}: `line` counts from 1, `raw` is the original
// text; text that is not UTF-8 is kept exactly in `raw_base64url` instead. Of a line longer than
// 64 KiB only the start is kept, and `truncated` says so. Made when the first line comes; only its
// owner can read it, because rejected text was not cleaned of secrets. Throws Error{io}.
#pragma once

#include "shared/base/file.h"
#include "shared/record/record.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace logctl::ingest {

class RejectsFile {
 public:
  // `input` is the name written into each line. `append` keeps what an existing file holds.
  RejectsFile(std::filesystem::path path, std::string input, bool append);

  // `truncated`: `raw` is only the start of the line already.
  void add(std::uint64_t line, const Rejection& rejection, std::string_view raw,
           bool truncated = false);
  // Writes what was added so far.
  void flush();
  // Returns when everything is on disk.
  void finish();

 private:
  const std::filesystem::path path_;
  const std::string input_;
  const bool append_;
  File file_;
  std::string buffer_;
};

}  // namespace logctl::ingest
