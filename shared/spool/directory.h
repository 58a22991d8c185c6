// The spool's directory: what its files are called and how they come and go.
//
//   00000000000000000000.segment   frames; the name is the position of the first one
//   position                       spool id, released position, source; as text
//   lock                           held by the process that has the spool open
//   reserve                        space that a full disk still leaves for writing `position`
//   corrupt/<position>.frame       damaged bytes that were set aside
//
// Holds no state besides the paths; threads may share it.
#pragma once

#include "shared/spool/format.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace logctl::spool {

struct SavedPosition {
  std::string id;
  Position released = 0;
  Source source;
  std::optional<Position> unproven;
};

class Directory {
 public:
  Directory(FileSystem& files, std::filesystem::path path);

  FileSystem& files() const { return files_; }
  const std::filesystem::path& path() const { return path_; }

  // The positions in the names of the segment files, ascending.
  std::vector<Position> segments() const;
  std::unique_ptr<RandomFile> open_segment(Position base) const;
  // Returns when the file, with its head and room for `bytes` of frames, and its name are on disk.
  // Error{overloaded} when the disk is full; nothing is left behind then.
  std::unique_ptr<RandomFile> make_segment(const SegmentHead& head, std::uint64_t bytes) const;
  // Cuts the file behind `end` and gives its new size; 0 when there is no such file any more.
  std::uint64_t cut_segment(Position base, Position end) const;
  // Makes sure that the frames found in it, and its name, are on disk.
  void sync_segment(Position base) const;
  void remove_segment(Position base) const;

  // Nothing when there is none; `damaged` is set when there is one that cannot be read.
  std::optional<SavedPosition> read_position(bool& damaged) const;
  // Uses the reserve up when the disk is full.
  void write_position(const SavedPosition& saved) const;
  // Makes the reserve when it is missing and the disk has room.
  void keep_reserve() const;

  // Removes what a crash left half made.
  void tidy() const;
  // A file for damaged bytes.
  std::unique_ptr<RandomFile> make_corrupt_file(Position begin) const;
  std::filesystem::path corrupt_path(Position begin) const;
  // The sizes of the files with damaged bytes, by where these began.
  std::map<Position, std::uint64_t> set_aside() const;

 private:
  std::filesystem::path segment_path(Position base) const;

  FileSystem& files_;
  std::filesystem::path path_;
};

}  // namespace logctl::spool
