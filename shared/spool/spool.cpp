#include "shared/spool/spool.h"

#include "shared/base/ids.h"
#include "shared/spool/interval_sync.h"
#include "shared/spool/reader.h"
#include "shared/spool/segment_writer.h"
#include "shared/spool/shared.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::spool {
namespace {

constexpr auto kSaveEvery = seconds(1);
constexpr int kMostLooks = 10;

// A full spool must still be able to begin a segment while others are being drained.
Settings sensible(Settings settings) {
  settings.segment_bytes = std::min(settings.segment_bytes, settings.max_bytes / 4);
  return settings;
}

std::unique_ptr<FileLock> lock_or_fail(FileSystem& files, const std::filesystem::path& directory) {
  files.make_directories(directory, 0700);
  auto lock = files.try_lock(directory / "lock");
  if (!lock) {
    throw Error(ErrorCode::locked,
                "spool '" + directory.string() + "' is in use by another process",
                "one daemon per spool directory: stop the other one or set spool.directory");
  }
  return lock;
}

std::shared_ptr<Shared> open(FileSystem& files, const std::filesystem::path& path,
                             const Clock& clock, Damage damage) {
  const Directory directory(files, path);
  Recovered found = recover(directory, damage);
  if (found.id.empty()) {
    found.id = found.source.name = uuid_v7(clock.now());
  } else if (!found.position_saved) {
    // The name that was in use is not known, and a wrong one could skip records.
    found.source.name = uuid_v7(clock.now());
  }
  directory.tidy();
  // Before the first append.
  if (!found.unproven) found.unproven = found.end;
  directory.write_position({found.id, found.released, found.source, found.unproven});
  directory.keep_reserve();
  if (!found.segments.empty()) directory.sync_segment(found.segments.back().base);
  if (found.torn_bytes > 0) {
    damage("torn tail", fmt::format("{} bytes of an unfinished write at position {} were cut",
                                    found.torn_bytes, found.end));
  }
  return std::make_shared<Shared>(directory, found, SetAside::yes, std::move(damage));
}

// Beside a daemon, which may remove a segment between the list of them and the look into it.
Recovered look(const Directory& directory, const Damage& damage) {
  for (int attempt = 1;; ++attempt) {
    try {
      return recover(directory, damage);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found || attempt == kMostLooks) throw;
    }
  }
}

}  // namespace

Spool::Spool(FileSystem& files, Settings settings, const Clock& clock, Damage damage)
    : settings_(sensible(std::move(settings))),
      clock_(clock),
      lock_(lock_or_fail(files, settings_.directory)),
      shared_(open(files, settings_.directory, clock, std::move(damage))) {
  remove(shared_->release(0));  // what a crash left of the released ones
  if (settings_.fsync == Fsync::interval) {
    interval_ = std::make_unique<IntervalSync>(settings_.fsync_interval, [this] {
      try {
        if (!shared_->failed()) shared_->active_file()->sync();
      } catch (const Error& error) {
        shared_->fail();
        shared_->tell("sync", error.message());
      }
    });
  }
}

Spool::~Spool() {
  stop();
  interval_.reset();
  try {
    if (writer_ && !shared_->failed()) {
      // The sync covers both the frames and the new size.
      shared_->directory().cut_segment(writer_->base(), writer_->end());
      writer_->sync();
    }
    shared_->directory().write_position(shared_->saved());
  } catch (const Error& error) {
    shared_->tell("close", error.message());
  }
}

Position Spool::append(std::span<const FrameToWrite> frames) {
  std::uint64_t bytes = 0;
  for (const FrameToWrite& frame : frames) {
    if (frame.payload.size() > kMaxPayloadBytes) {
      throw Error(ErrorCode::request_too_large,
                  fmt::format("spool: a frame of {} bytes; at most {} are possible",
                              frame.payload.size(), kMaxPayloadBytes));
    }
    bytes += frame_bytes(frame.payload.size());
  }
  if (shared_->failed()) {
    throw Error(ErrorCode::io, "spool: closed for writing since a write or sync failed",
                "see the log for the reason, then restart the daemon");
  }
  if (!shared_->fits(bytes)) roll(bytes);
  const Timestamp now = clock_.now();
  or_fail([&] {
    writer_->append(frames, now);
    if (settings_.fsync == Fsync::always) writer_->sync();
  });
  shared_->publish(writer_->end(), frames, now);
  if (interval_) interval_->written();
  return writer_->end();
}

// Nothing written is trusted after a failure.
template <typename Work>
void Spool::or_fail(Work work) {
  try {
    work();
  } catch (const Error& error) {
    shared_->fail();
    throw error.within("spool");
  }
}

void Spool::roll(std::uint64_t bytes) {
  if (room_for_segment(bytes) != Room::enough) {
    throw Error(ErrorCode::overloaded, "spool: full",
                "it empties as the store takes records again");
  }
  // Order: old frames, new file, its name; only then frames in it.
  if (writer_ && settings_.fsync == Fsync::interval) {
    or_fail([&] { writer_->sync(); });
  }
  const SegmentHead head = shared_->next_head(clock_.now());
  const std::uint64_t room = std::max(settings_.segment_bytes, bytes);
  std::unique_ptr<SegmentWriter> fresh;
  try {
    fresh = std::make_unique<SegmentWriter>(shared_->directory(), head, room);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::overloaded) shared_->fail();
    throw error.within("spool");
  }
  const auto previous = shared_->begin_segment(head, room, fresh->file());
  writer_ = std::move(fresh);
  // What the one before it reserved and did not use. Later than the new head, which says where the
  // frames end: the cut need not be durable.
  if (previous) {
    or_fail([&] {
      shared_->resized(*previous, shared_->directory().cut_segment(*previous, head.previous_end));
    });
  }
}

Room Spool::room(std::uint64_t bytes) const {
  const std::uint64_t with_head = frame_bytes(bytes);
  return shared_->fits(with_head) ? Room::enough : room_for_segment(with_head);
}

Room Spool::room_for_segment(std::uint64_t bytes) const {
  const std::uint64_t needed = kSegmentHeadBytes + std::max(settings_.segment_bytes, bytes);
  if (shared_->disk_bytes() + needed > settings_.max_bytes) return Room::limit;
  const Directory& directory = shared_->directory();
  const std::uint64_t free = directory.files().free_bytes(directory.path());
  return free < settings_.min_free + needed ? Room::disk : Room::enough;
}

void Spool::release(Position position) {
  if (position > shared_->next_base()) {
    throw Error(ErrorCode::conflict,
                fmt::format("spool: release of position {}, but only {} was written", position,
                            shared_->next_base()));
  }
  Lock lock(releasing_);
  if (position <= shared_->released()) return;
  const std::vector<Position> gone = shared_->release(position);
  const auto now = std::chrono::steady_clock::now();
  if (gone.empty() && now < saved_at_ + kSaveEvery) return;
  // Before the files go: a position is never behind what is there.
  shared_->directory().write_position(shared_->saved());
  saved_at_ = now;
  remove(gone);
  if (!gone.empty()) shared_->directory().keep_reserve();
}

std::optional<Position> Spool::unproven() const { return shared_->saved().unproven; }
Source Spool::source() const { return shared_->saved().source; }

void Spool::prove() {
  Lock lock(releasing_);
  if (!unproven()) return;
  SavedPosition saved = shared_->saved();
  saved.unproven.reset();
  save(saved);
}

void Spool::begin_source(std::uint64_t unbooked) {
  Lock lock(releasing_);
  SavedPosition saved = shared_->saved();
  saved.source = {uuid_v7(clock_.now()), unbooked};
  saved.unproven.reset();
  save(saved);
}

// On disk before it counts.
void Spool::save(const SavedPosition& saved) {
  shared_->directory().write_position(saved);
  shared_->set_source(saved.source, saved.unproven);
}

void Spool::remove(std::span<const Position> segments) {
  for (const Position base : segments) {
    shared_->forget_segment(base);
    shared_->directory().remove_segment(base);
  }
}

Reader Spool::read(Position from) const {
  if (from > shared_->next_base()) {
    throw Error(ErrorCode::conflict,
                fmt::format("spool {}: the store has it up to position {}, but only {} was written",
                            shared_->id(), from, shared_->next_base()),
                "the directory was restored from an older copy: move it away to start anew");
  }
  return Reader(std::make_unique<Reader::Walk>(shared_, from));
}

bool Spool::await(Position position, std::chrono::steady_clock::time_point until) const {
  return shared_->await(position, until);
}

void Spool::stop() { shared_->stop(); }
Figures Spool::figures() const { return shared_->figures(); }
const std::string& Spool::id() const { return shared_->id(); }

Figures inspect(FileSystem& files, const std::filesystem::path& path,
                const std::function<void(const Frame&)>& each, const Damage& damage,
                const std::function<Position(const Figures&)>& from) {
  const Directory directory(files, path);
  const Recovered found = look(directory, damage);
  if (found.id.empty()) {
    throw Error(ErrorCode::not_found, "no spool in '" + path.string() + "'");
  }
  const auto shared = std::make_shared<Shared>(directory, found, SetAside::no, damage);
  const Position begin = from ? from(shared->figures()) : found.released;
  if (each) {
    Reader reader(std::make_unique<Reader::Walk>(shared, begin));
    while (const auto frame = reader.next()) each(*frame);
  }
  Figures figures = shared->figures();
  const bool gone =
      found.segments.empty() ? begin < found.end : begin < found.segments.front().previous_end;
  figures.missed = figures.missed || gone;
  return figures;
}

}  // namespace logctl::spool
