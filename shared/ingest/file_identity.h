// By what an import recognises a file: name, size, time of change, inode, and hashes of both ends.
//
// Reads at most 128 KiB of the file. Throws Error{not_found, io} when that fails.
#pragma once

#include "shared/storage/store.h"

#include <filesystem>
#include <string>

namespace logctl::ingest {

// Standard input (-), a pipe, a terminal: nothing that could be read twice. Throws for a folder.
bool is_stream(const std::filesystem::path& path);

storage::ImportFile file_identity(const std::filesystem::path& path);
storage::ImportFile stream_identity(const std::filesystem::path& path);

// What differs, for people; empty when it is the same file.
std::string difference_between(const storage::ImportFile& before, const storage::ImportFile& now);
// The file still begins with all that it held before, as far as the hashes tell.
bool has_grown(const std::filesystem::path& path, const storage::ImportFile& before,
               const storage::ImportFile& now);

}  // namespace logctl::ingest
