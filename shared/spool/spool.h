// The durable queue between the daemon's front door and its store: what a client was told is
// accepted lies here, fsynced, until the store has it.
//
// An append-only log cut into segment files. A place in it is one number, the Position: the bytes
// written since the spool was made, over all segments. Frames (one per accepted request) are framed
// with length and CRC32C; docs/spool-format.md tells the format and why it is as it is.
//
// One process at a time: opening takes a lock, a second opener gets Error{locked}. Threads: one
// thread appends; any thread may read positions and figures, open a Reader, or release. The file
// system, the clock and `damage` must outlive the spool and its readers.
//
// Errors: Error{io} when the file system fails; after a failed write or fsync the spool refuses to
// append until it is opened anew, because nobody knows what reached the disk. Error{overloaded}
// from `append` when a cap is reached (`room` tells before) or the disk is full; that passes.
// Error{drift} from a spool that a newer version wrote.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/file_system.h"
#include "shared/base/mutex.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::spool {

using Position = std::uint64_t;

enum class Fsync : std::uint8_t {
  always,    // every append returns when its frames are on disk
  interval,  // at most Settings::fsync_interval of acknowledged frames can be lost by a power cut
  none,      // the kernel decides, usually within 30 seconds; a killed process loses nothing
};

struct Settings {
  std::filesystem::path directory;
  std::uint64_t segment_bytes = 64 * 1024 * 1024;       // at most a quarter of max_bytes is used
  std::uint64_t max_bytes = 8ULL * 1024 * 1024 * 1024;  // of segment files; beyond: no room
  std::uint64_t min_free = 256 * 1024 * 1024;           // of the disk, left to others
  Fsync fsync = Fsync::always;
  microseconds fsync_interval = milliseconds(100);
};

// Whether more may be written, and if not, what stands against it.
enum class Room : std::uint8_t {
  enough,
  limit,  // max_bytes
  disk,   // min_free
};

// What a frame's head says about the request that it holds, for the accounting: nothing here needs
// the payload.
struct FrameCounts {
  std::uint32_t received = 0;  // records in the request: those in the payload and those rejected
  std::uint32_t records = 0;   // in the payload
};

struct FrameToWrite {
  FrameCounts counts;
  std::string_view payload;
};

struct Frame {
  Position begin = 0;
  Position end = 0;  // where the next one begins: what to commit once this one is in the store
  Timestamp written_at{};
  FrameCounts counts;
  std::string_view payload;  // valid until the next call of the Reader
  bool damaged = false;      // only the head is whole: no payload, and no time
};

// Sums since the spool was made; they survive restarts.
struct Totals {
  std::uint64_t frames = 0;
  std::uint64_t received = 0;
  std::uint64_t records = 0;
};

// Under which name the store keeps this spool's position and books. At first that is the spool's
// id.
struct Source {
  std::string name;
  std::uint64_t unbooked = 0;  // records received before the books of this name begin
};

struct Figures {
  std::string id;  // of this spool, a UUID
  Source source;
  Position released = 0;         // everything before is in the store
  Position end = 0;              // of the last frame that is on disk
  std::uint64_t bytes = 0;       // of frames between the two
  std::uint64_t disk_bytes = 0;  // of all segment files, preallocated space included
  std::uint64_t segments = 0;
  Totals written;                   // up to `end`
  std::optional<Timestamp> oldest;  // when the first frame after `released` was written
  // What recovery and readers had to set aside, in this run or, as long as it lies in `corrupt/`,
  // before.
  std::uint64_t torn_bytes = 0;
  std::uint64_t corrupt_frames = 0;
  std::uint64_t corrupt_bytes = 0;
  bool failed = false;  // a write or fsync failed: no appends until opened anew
  bool missed = false;  // of an inspection: its daemon removed frames before they were read
};

// Told once for everything that was cut or set aside, in words for the log.
using Damage = std::function<void(std::string_view what, std::string detail)>;

class Reader;
class Shared;
struct SavedPosition;
class SegmentWriter;
class IntervalSync;

class Spool {
 public:
  // Makes the directory when it is missing, takes the lock, finds the end (behind the last whole
  // frame: a torn tail counts no longer), removes released segments. Needs memory for one frame,
  // whatever the spool holds.
  Spool(FileSystem& files, Settings settings, const Clock& clock, Damage damage);
  ~Spool();
  Spool(const Spool&) = delete;

  // Appends all frames and, with Fsync::always, returns when all are on disk: one fsync for all.
  // All or none become readable; after a failure the next opening may find some of them, as after a
  // crash. Returns the position behind the last. Writing thread only.
  Position append(std::span<const FrameToWrite> frames);

  // For another `bytes`.
  Room room(std::uint64_t bytes) const;
  // Of a segment file's frames: the setting, unless max_bytes is too small for it.
  std::uint64_t segment_bytes() const { return settings_.segment_bytes; }

  // The store has everything before `position`: segments that lie before it as a whole are removed.
  // Never goes back. Durable when a segment goes, once a second, and at the end: what the store
  // itself remembers counts, this saves reading. Error{conflict} for a place not yet written.
  void release(Position position);

  // What the store keeps under the source's name belongs to what this directory holds, as long as
  // its position is not behind `unproven`: what was written from there on the store cannot have
  // seen yet. Set when the spool is opened, unless it still is; nothing once `prove` was called.
  std::optional<Position> unproven() const;
  // The store was asked, and what it said fits. Durable; before the first move of its position.
  void prove();
  // What the store has is of another directory with this id: a newer state of this one, or a copy
  // that lives on. From now on under a name of its own, of which the store knows nothing; what is
  // not released is to be sent again. `unbooked` as in Source. Durable.
  void begin_source(std::uint64_t unbooked);
  Source source() const;

  // Reads from `from` on, up to what is on disk; `from` is the begin or end of a frame.
  // Error{conflict} for a place not yet written: the store knows more than this spool ever held.
  Reader read(Position from) const;
  // Waits until frames behind `position` are on disk, `stop` was called or `until`; true for
  // frames.
  bool await(Position position, std::chrono::steady_clock::time_point until) const;
  void stop();  // ends every await, now and later

  Figures figures() const;
  const std::string& id() const;

 private:
  Room room_for_segment(std::uint64_t bytes) const;
  void roll(std::uint64_t bytes);
  template <typename Work>
  void or_fail(Work work);
  void remove(std::span<const Position> segments);
  void save(const SavedPosition& saved) REQUIRES_LOCK(releasing_);

  const Settings settings_;
  const Clock& clock_;
  std::unique_ptr<FileLock> lock_;
  std::shared_ptr<Shared> shared_;
  std::unique_ptr<SegmentWriter> writer_;  // the writing thread's; nothing until the first append
  Mutex releasing_;                        // one release at a time
  std::chrono::steady_clock::time_point saved_at_ GUARDED_BY(releasing_);
  std::unique_ptr<IntervalSync> interval_;
};

// Walks the frames in order. One thread at a time. What is damaged is copied to `corrupt/`, told
// and counted. A frame whose head is whole is given without its payload, since its counts say what
// was lost; other damage is skipped.
class Reader {
 public:
  Reader(Reader&&) noexcept;
  ~Reader();

  // The next frame that is on disk, or nothing when there is none yet: ask again later.
  std::optional<Frame> next();
  // Where the next frame begins. Behind the last frame when damage was skipped.
  Position position() const;

 private:
  friend class Spool;
  friend Figures inspect(FileSystem&, const std::filesystem::path&,
                         const std::function<void(const Frame&)>&, const Damage&,
                         const std::function<Position(const Figures&)>&);
  class Walk;
  explicit Reader(std::unique_ptr<Walk> walk);
  std::unique_ptr<Walk> walk_;
};

// Looks at a spool without the lock and without changing anything; for `spool status` and `spool
// verify` beside a running daemon. `each`, when given, is called for every readable frame from
// `released` on, or where `from` says, `damage` for the rest; without it only the last segment is
// read. What a running daemon is just writing looks like a torn tail. Error{not_found} when there
// is no spool.
Figures inspect(FileSystem& files, const std::filesystem::path& directory,
                const std::function<void(const Frame&)>& each, const Damage& damage,
                const std::function<Position(const Figures&)>& from = {});

}  // namespace logctl::spool
