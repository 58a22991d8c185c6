// Files of JSON lines as a store of their own, for what takes more than one pass over the records.
//
// Holds the records that match in a folder below the directory for temporary files, which goes away
// with it. What a file holds twice, by time and event id, is there once. One thread.
#pragma once

#include "cli/context.h"
#include "cli/file_records.h"
#include "shared/backup/scratch_folder.h"
#include "shared/query/query.h"
#include "shared/storage/backend.h"

#include <string>
#include <vector>

namespace logctl::cli {

class FileStore {
 public:
  // Reads the files, and keeps what `matching` finds, for its tenant. `context` must outlive it.
  FileStore(Context& context, const std::vector<std::string>& files, const query::Query& matching);

  storage::Backend& backend() { return backend_; }
  // On standard error, when there are any.
  void tell_bad_lines() const { cli::tell_bad_lines(bad_, context_.out()); }

 private:
  Context& context_;
  backup::ScratchFolder folder_;
  storage::Backend backend_;
  BadLines bad_;
};

}  // namespace logctl::cli
