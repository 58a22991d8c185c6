#include "shared/spool/recovery.h"

#include "shared/spool/segment_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace logctl::spool {
namespace {

struct Found {
  Segment segment;
  std::optional<SegmentHead> head;
};

std::vector<Found> read_heads(const Directory& directory) {
  std::vector<Found> all;
  for (const Position base : directory.segments()) {
    std::unique_ptr<RandomFile> file;
    try {
      file = directory.open_segment(base);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found) continue;  // released just now by its owner
      throw;
    }
    std::string bytes(kSegmentHeadBytes, '\0');
    bytes.resize(file->read_at(0, bytes));
    Found found{{base, base, {}, file->size()}, decode_segment_head(bytes)};
    if (found.head) {
      found.segment.previous_end = found.head->previous_end;
      found.segment.created = found.head->created;
    }
    all.push_back(std::move(found));
  }
  return all;
}

// Files that do not belong here are left alone.
void leave_out_strangers(std::vector<Found>& all, const std::string& id, const Damage& damage) {
  std::erase_if(all, [&](const Found& found) {
    const Position base = found.segment.base;
    if (!found.head) {
      damage("segment head", fmt::format("the head of segment {} cannot be read; its frames are "
                                         "looked for without it",
                                         base));
      return false;
    }
    if (found.head->id == id && found.head->base == base) return false;
    damage("foreign segment", fmt::format("segment {} belongs to spool {}, place {}; left alone",
                                          base, found.head->id, found.head->base));
    return true;
  });
}

// Counts the frames from the last readable head on, and finds the end.
void scan(const Directory& directory, const std::vector<Found>& all, Recovered& out) {
  std::size_t first = all.size() - 1;
  while (first > 0 && !all[first].head) --first;
  if (all[first].head) out.written = all[first].head->before;

  const std::uint32_t seed = frame_seed(out.id);
  for (std::size_t i = first; i < all.size(); ++i) {
    const Segment& segment = all[i].segment;
    const bool last = i + 1 == all.size();
    const Position file_end = segment.base + segment.disk_bytes -
                              std::min<std::uint64_t>(segment.disk_bytes, kSegmentHeadBytes);
    const Position limit = last ? file_end : all[i + 1].segment.previous_end;
    SegmentReader reader(directory.open_segment(segment.base), segment.base, seed);
    Position at = out.end = segment.base;
    Totals behind_gap;  // damaged frames count when a whole one follows: it was written after them
    Position used_end = at;
    while (at < limit) {
      const auto step = reader.read(at, limit);
      const Frame* frame = std::get_if<Frame>(&step);
      const Gap* gap = std::get_if<Gap>(&step);
      const std::optional<FrameCounts> counts = frame != nullptr ? frame->counts : gap->counts;
      if (counts) {
        ++behind_gap.frames;
        behind_gap.received += counts->received;
        behind_gap.records += counts->records;
      }
      at = frame != nullptr ? frame->end : gap->end;
      used_end = frame != nullptr ? frame->end : std::max(used_end, gap->used_end);
      if (frame != nullptr || !last) {
        out.written.frames += behind_gap.frames;
        out.written.received += behind_gap.received;
        out.written.records += behind_gap.records;
        behind_gap = {};
        out.end = at;
      }
    }
    if (last) {
      out.torn_bytes = used_end - out.end;
      // A file that was not cut may have held frames which a power cut took away.
      out.next_base = std::max(out.end, file_end);
    }
  }
}

}  // namespace

Recovered recover(const Directory& directory, const Damage& damage) {
  Recovered out;
  bool position_damaged = false;
  const auto saved = directory.read_position(position_damaged);
  std::vector<Found> all = read_heads(directory);
  if (position_damaged) {
    damage("position", "the position file cannot be read; reading begins with the first segment");
  }

  out.position_saved = saved.has_value();
  if (saved) {
    out.id = saved->id;
    out.source = saved->source;
    out.unproven = saved->unproven;
  } else {
    const auto known = std::ranges::find_if(all, [](const Found& f) { return f.head.has_value(); });
    if (known != all.end()) out.id = out.source.name = known->head->id;
  }
  if (out.id.empty() && !all.empty()) {
    throw Error(ErrorCode::io,
                "spool: '" + directory.path().string() +
                    "': neither the position file nor any segment head can be read",
                "move the directory away to start with an empty spool");
  }
  leave_out_strangers(all, out.id, damage);

  if (!all.empty()) {
    scan(directory, all, out);
    out.released = all.front().segment.base;
    if (!saved && all.front().head) out.source.unbooked = all.front().head->before.received;
  }
  if (saved) {
    out.released = std::max(out.released, saved->released);
    if (saved->released > out.end && !all.empty()) {
      damage("end", fmt::format("the store has everything before {}, the segments end at {}",
                                saved->released, out.end));
    }
  }
  out.end = std::max(out.end, out.released);
  out.next_base = std::max(out.next_base, out.end);
  for (const Found& found : all) out.segments.push_back(found.segment);
  return out;
}

}  // namespace logctl::spool
