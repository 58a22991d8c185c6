#include "shared/spool/shared.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::spool {

Shared::Shared(Directory directory, const Recovered& found, SetAside set_aside, Damage damage)
    : directory_(std::move(directory)),
      id_(found.id),
      seed_(frame_seed(found.id)),
      set_aside_(set_aside),
      damage_(std::move(damage)),
      set_aside_before_(directory_.set_aside()),
      segments_(found.segments.begin(), found.segments.end()),
      released_(found.released),
      source_(found.source),
      unproven_(found.unproven),
      end_(found.end),
      next_base_(found.next_base),
      written_(found.written),
      torn_bytes_(found.torn_bytes),
      corrupt_frames_(set_aside_before_.size()) {
  for (const auto& [begin, size] : set_aside_before_) corrupt_bytes_ += size;
  find_oldest();
}

Position Shared::next_base() const {
  Lock lock(mutex_);
  return next_base_;
}

SegmentHead Shared::next_head(Timestamp now) const {
  Lock lock(mutex_);
  return {id_, next_base_, end_, now, written_};
}

std::optional<Position> Shared::begin_segment(const SegmentHead& head, std::uint64_t bytes,
                                              std::shared_ptr<RandomFile> file) {
  Lock lock(mutex_);
  // An empty one of the same name was replaced by it.
  if (!segments_.empty() && segments_.back().base == head.base) segments_.pop_back();
  std::optional<Position> previous;
  if (!segments_.empty()) previous = segments_.back().base;
  segments_.push_back({head.base, head.previous_end, head.created, kSegmentHeadBytes + bytes});
  active_ = std::move(file);
  active_limit_ = head.base + bytes;
  return previous;
}

void Shared::resized(Position base, std::uint64_t disk_bytes) {
  Lock lock(mutex_);
  for (Segment& segment : segments_) {
    if (segment.base == base) segment.disk_bytes = disk_bytes;
  }
}

bool Shared::fits(std::uint64_t bytes) const {
  Lock lock(mutex_);
  return active_ != nullptr && next_base_ + bytes <= active_limit_;
}

void Shared::publish(Position end, std::span<const FrameToWrite> frames, Timestamp now) {
  {
    Lock lock(mutex_);
    if (!oldest_) oldest_ = now;
    end_ = next_base_ = end;
    written_.frames += frames.size();
    for (const FrameToWrite& frame : frames) {
      written_.received += frame.counts.received;
      written_.records += frame.counts.records;
    }
  }
  changed_.notify_all();
}

std::shared_ptr<RandomFile> Shared::active_file() const {
  Lock lock(mutex_);
  return active_;
}

void Shared::fail() {
  Lock lock(mutex_);
  failed_ = true;
}

bool Shared::failed() const {
  Lock lock(mutex_);
  return failed_;
}

bool Shared::await(Position position, std::chrono::steady_clock::time_point until) const {
  Lock lock(mutex_);
  while (end_ <= position && !stopped_) {
    if (changed_.wait_until(mutex_, until) == std::cv_status::timeout) break;
  }
  return end_ > position && !stopped_;
}

void Shared::stop() {
  {
    Lock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

Position Shared::limit_of(std::size_t index) const {
  return index + 1 < segments_.size() ? segments_[index + 1].previous_end : end_;
}

std::vector<Position> Shared::release(Position position) {
  {
    Lock lock(mutex_);
    released_ = std::max(released_, position);
  }
  find_oldest();
  Lock lock(mutex_);
  gaps_.erase(gaps_.begin(), gaps_.lower_bound(released_));
  std::vector<Position> gone;
  // The last one stays: it takes the next frames, and its head holds the totals.
  for (std::size_t i = 0; i + 1 < segments_.size(); ++i) {
    if (segments_[i + 1].previous_end <= released_) gone.push_back(segments_[i].base);
  }
  return gone;
}

void Shared::forget_segment(Position base) {
  Lock lock(mutex_);
  std::erase_if(segments_, [base](const Segment& segment) { return segment.base == base; });
}

Position Shared::released() const {
  Lock lock(mutex_);
  return released_;
}

SavedPosition Shared::saved() const {
  Lock lock(mutex_);
  return {id_, released_, source_, unproven_};
}

void Shared::set_source(const Source& source, std::optional<Position> unproven) {
  Lock lock(mutex_);
  source_ = source;
  unproven_ = unproven;
}

std::optional<Place> Shared::place(Position position) {
  std::optional<std::pair<Position, Position>> missing;
  std::optional<Place> found;
  {
    Lock lock(mutex_);
    while (!found) {
      const auto next = std::ranges::upper_bound(segments_, position, {}, &Segment::base);
      if (next != segments_.begin()) {
        const auto index = static_cast<std::size_t>(next - segments_.begin()) - 1;
        const Position limit = limit_of(index);
        if (position < limit) {
          found = Place{position, segments_[index].base, limit};
          break;
        }
      }
      if (next == segments_.end()) return std::nullopt;
      const Position wanted = std::max(position, released_);
      if (next == segments_.begin() && wanted < next->previous_end) {
        missing = {wanted, next->previous_end};
      }
      position = next->base;
      // The next frame is still to come: stay, so that what is missing is told with it.
      if (position >= end_) return std::nullopt;
    }
  }
  if (missing) tell_missing(missing->first, missing->second);
  return found;
}

void Shared::vanished(const Place& place) {
  if (set_aside_ == SetAside::yes) {
    tell_missing(std::max(place.position, released()), place.limit);
    return;
  }
  // Beside a running daemon a file goes only because it was released.
  Lock lock(mutex_);
  missed_ = true;
}

void Shared::tell_missing(Position begin, Position end) {
  if (begin >= end || !count_gap(begin, end)) return;
  std::string detail = fmt::format("{} bytes from position {} on are gone", end - begin, begin);
  if (set_aside_ == SetAside::yes) detail += keep({begin, end, begin, std::nullopt}, nullptr);
  tell("missing segment", detail);
}

bool Shared::count_gap(Position begin, Position end) {
  Lock lock(mutex_);
  if (!gaps_.emplace(begin, end).second) return false;
  // A run before had come to it, but not past it.
  if (set_aside_before_.contains(begin)) return true;
  ++corrupt_frames_;
  corrupt_bytes_ += end - begin;
  return true;
}

void Shared::set_aside(const Gap& gap, SegmentReader& segment) {
  if (!count_gap(gap.begin, gap.end)) return;
  std::string detail = fmt::format("{} bytes from position {} on", gap.end - gap.begin, gap.begin);
  if (gap.counts) detail += fmt::format(", {} records", gap.counts->records);
  if (set_aside_ == SetAside::yes) detail += keep(gap, &segment);
  tell("damaged frame", detail);
}

std::string Shared::keep(const Gap& gap, SegmentReader* segment) const {
  try {
    const auto copy = directory_.make_corrupt_file(gap.begin);
    Position at = gap.begin;
    while (at < gap.used_end) {
      const std::string_view part = segment->bytes(at, gap.used_end - at, gap.used_end);
      if (part.empty()) break;
      copy->write_at(at - gap.begin, std::span(&part, 1));
      at += part.size();
    }
    copy->sync();
    const std::filesystem::path path = directory_.corrupt_path(gap.begin);
    directory_.files().sync_directory(path.parent_path());
    return fmt::format(", {} {}", at > gap.begin ? "copied to" : "noted in", path.string());
  } catch (const Error& error) {
    return "; could not be copied: " + error.message();
  }
}

std::uint64_t Shared::disk_bytes() const {
  Lock lock(mutex_);
  std::uint64_t sum = 0;
  for (const Segment& segment : segments_) sum += segment.disk_bytes;
  return sum;
}

Figures Shared::figures() const {
  Figures out;
  out.id = id_;
  out.torn_bytes = torn_bytes_;
  {
    Lock lock(mutex_);
    out.source = source_;
    out.released = released_;
    out.oldest = oldest_;
    out.end = end_;
    out.segments = segments_.size();
    out.written = written_;
    out.corrupt_frames = corrupt_frames_;
    out.corrupt_bytes = corrupt_bytes_;
    out.failed = failed_;
    out.missed = missed_;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      const Position begin = std::max(segments_[i].base, released_);
      const Position end = limit_of(i);
      if (end > begin) out.bytes += end - begin;
      out.disk_bytes += segments_[i].disk_bytes;
    }
  }
  return out;
}

// Read here, by whoever releases, so that asking for figures never touches a file.
void Shared::find_oldest() {
  Position released = 0;
  bool waits = false;
  {
    Lock lock(mutex_);
    released = released_;
    for (std::size_t i = 0; i < segments_.size(); ++i) waits = waits || limit_of(i) > released;
    if (!waits) oldest_.reset();
  }
  if (!waits) return;
  const Timestamp oldest = written_at(released);
  Lock lock(mutex_);
  oldest_ = oldest;
}

Timestamp Shared::written_at(Position position) const {
  Position base = 0;
  Timestamp created{};
  {
    Lock lock(mutex_);
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (limit_of(i) <= position) continue;
      base = segments_[i].base;
      created = segments_[i].created;
      break;
    }
  }
  try {
    const Position first = std::max(base, position);
    std::string bytes(kFrameHeadBytes, '\0');
    bytes.resize(directory_.open_segment(base)->read_at(kSegmentHeadBytes + first - base, bytes));
    if (const auto head = decode_frame_head(bytes, first, seed_)) return head->written_at;
  } catch (const Error&) {
    // Unreadable, or for a look beside its daemon gone: the segment's own time is near enough.
  }
  return created;
}

}  // namespace logctl::spool
