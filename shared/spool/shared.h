// What a spool, its readers and its syncing thread know together: the segments, how far they are
// written and released, and what was damaged.
//
// Owned by the Spool and its Readers. Thread-safe; no lock is held while files are touched or
// `damage` is called.
#pragma once

#include "shared/spool/directory.h"
#include "shared/spool/recovery.h"
#include "shared/spool/segment_reader.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace logctl::spool {

// Where a reader finds the frame at a position.
struct Place {
  Position position = 0;  // later than asked for when nothing lies there
  Position base = 0;      // of the segment
  Position limit = 0;     // how far it may be read
};

enum class SetAside { yes, no };

class Shared {
 public:
  Shared(Directory directory, const Recovered& found, SetAside set_aside, Damage damage);

  const Directory& directory() const { return directory_; }
  const std::string& id() const { return id_; }
  std::uint32_t seed() const { return seed_; }
  // Where the next frame goes when a new segment is begun for it: no position is used twice, even
  // when a power cut took frames that a reader had seen.
  Position next_base() const;
  SegmentHead next_head(Timestamp now) const;

  // A new segment with room for `bytes` of frames takes them from now on. Gives the base of the one
  // before it.
  std::optional<Position> begin_segment(const SegmentHead& head, std::uint64_t bytes,
                                        std::shared_ptr<RandomFile> file);
  // The segment's file has this size now.
  void resized(Position base, std::uint64_t disk_bytes);
  // Whether the segment that is written has room for `bytes`.
  bool fits(std::uint64_t bytes) const;
  // The frames up to `end` are readable.
  void publish(Position end, std::span<const FrameToWrite> frames, Timestamp now);
  std::shared_ptr<RandomFile> active_file() const;

  void fail();
  bool failed() const;

  bool await(Position position, std::chrono::steady_clock::time_point until) const;
  void stop();

  // Everything before `position` is released; gives the segments that may go.
  std::vector<Position> release(Position position);
  void forget_segment(Position base);
  Position released() const;
  // What the position file is to hold.
  SavedPosition saved() const;
  void set_source(const Source& source, std::optional<Position> unproven);

  std::optional<Place> place(Position position);
  // A segment's file was not there: counted and told, unless it was released in the meantime.
  void vanished(const Place& place);
  // Copies the bytes of a gap to a file of their own, counts and tells it; once per gap.
  void set_aside(const Gap& gap, SegmentReader& segment);
  void tell(std::string_view what, const std::string& detail) const { damage_(what, detail); }

  std::uint64_t disk_bytes() const;
  Figures figures() const;

 private:
  void find_oldest();
  void tell_missing(Position begin, Position end);
  bool count_gap(Position begin, Position end);
  // Makes the file that keeps what a gap holds, and the memory of it; gives words about it.
  std::string keep(const Gap& gap, SegmentReader* segment) const;
  Position limit_of(std::size_t index) const REQUIRES_LOCK(mutex_);
  Timestamp written_at(Position position) const;

  const Directory directory_;
  const std::string id_;
  const std::uint32_t seed_;
  const SetAside set_aside_;
  const Damage damage_;
  const std::map<Position, std::uint64_t> set_aside_before_;  // sizes by begin

  mutable Mutex mutex_;
  mutable Condition changed_;
  std::deque<Segment> segments_ GUARDED_BY(mutex_);        // ascending
  std::shared_ptr<RandomFile> active_ GUARDED_BY(mutex_);  // the last segment's, once written to
  Position active_limit_ GUARDED_BY(mutex_) = 0;
  Position released_ GUARDED_BY(mutex_);
  std::optional<Timestamp> oldest_ GUARDED_BY(mutex_);  // of the first frame after released_
  Source source_ GUARDED_BY(mutex_);
  std::optional<Position> unproven_ GUARDED_BY(mutex_);
  Position end_ GUARDED_BY(mutex_);
  Position next_base_ GUARDED_BY(mutex_);
  Totals written_ GUARDED_BY(mutex_);
  const std::uint64_t torn_bytes_;
  std::uint64_t corrupt_frames_ GUARDED_BY(mutex_);
  std::uint64_t corrupt_bytes_ GUARDED_BY(mutex_) = 0;
  std::map<Position, Position> gaps_ GUARDED_BY(mutex_);  // counted, not yet released
  bool failed_ GUARDED_BY(mutex_) = false;
  bool missed_ GUARDED_BY(mutex_) = false;
  bool stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace logctl::spool
