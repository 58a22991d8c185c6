// The steps of each store's schema: the SQL files of /migrations, compiled in and paired up.
//
// A step is NNNN_name.up.sql with NNNN_name.down.sql beside it. Its text is identified by its
// SHA-256. Sets are folders below migrations/: `postgres`, `postgres-message-db` (optional),
// `sqlite` (meta.sqlite) and `sqlite-day` (each day's file).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

struct EmbeddedFile {
  std::string_view set;
  std::string_view name;  // 0001_name.up.sql
  std::string_view text;
};

// Sorted by set and name. Generated at build time.
std::span<const EmbeddedFile> embedded_files();

struct Step {
  std::int64_t version = 0;
  std::string name;
  std::string_view up;
  std::string_view down;
  std::string sha256;       // of `up`
  std::string down_sha256;  // of `down`
};

// The steps of one set among `files`, in order. Throws Error{internal} on a file name that is not a
// step's, a gap in the versions, a missing half, or a step of day files outside a transaction:
// those are also applied by whoever stores a record, together.
std::vector<Step> steps_of(std::string_view set,
                           std::span<const EmbeddedFile> files = embedded_files());

}  // namespace logctl::storage
