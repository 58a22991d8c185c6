// What is to be loaded of one file: decided from what the file is now and what the store remembers
// of earlier imports.
//
// A file is the same when name, size, time of change, inode and the hashes of its first and last
// 64 KiB are; it has grown when it only became longer.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/store.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::ingest {

struct ImportPlan {
  enum class State {
    fresh,
    changed,   // loaded before, but another file since: a new import from its start
    resumed,   // an earlier run stopped on the way
    grown,     // an earlier import of it goes on behind what it loaded
    finished,  // nothing to do
  };
  State state = State::fresh;
  std::filesystem::path path;  // - is standard input
  bool stream = false;         // a pipe: cannot be looked at before it is read
  bool recorded = false;       // the store keeps `import`
  bool stable_ids = false;     // records without an id get one from `import` and their place
  storage::Import import;      // with the ranges that need not be loaded again

  std::filesystem::path rejects;  // where rejected lines go; empty: nowhere
  bool append_rejects = false;    // continue an older file of that name instead of replacing it
};

struct ImportRequest {
  std::string tenant = "default";
  std::string id;      // empty: derived from the file
  bool again = false;  // whatever was loaded before
};

// `store` null: nothing is remembered. Throws Error{not_found, io} when the file cannot be read,
// Error{conflict} when `id` was another file's.
ImportPlan plan_import(const std::filesystem::path& path, const ImportRequest& request,
                       storage::ImportStore* store, Timestamp now);

// The unique name of the input, from which ids are derived.
std::string input_name(const storage::Import& import);

// Adds a range to those of an import, joined with its neighbours.
void add_range(std::vector<storage::ImportRange>& ranges, const storage::ImportRange& more);

}  // namespace logctl::ingest
