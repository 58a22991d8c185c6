#include "shared/spool/reader.h"

namespace logctl::spool {

Reader::Walk::Walk(std::shared_ptr<Shared> shared, Position from)
    : shared_(std::move(shared)), position_(from) {}

std::optional<Frame> Reader::Walk::next() {
  while (position_ < limit_ || advance()) {
    const auto step = segment_->read(position_, limit_);
    if (const Frame* frame = std::get_if<Frame>(&step)) {
      position_ = frame->end;
      return *frame;
    }
    const Gap& gap = std::get<Gap>(step);
    shared_->set_aside(gap, *segment_);
    position_ = gap.end;
    if (gap.counts) return Frame{gap.begin, gap.end, {}, *gap.counts, {}, true};
  }
  return std::nullopt;
}

bool Reader::Walk::advance() {
  while (const auto place = shared_->place(position_)) {
    position_ = place->position;
    limit_ = place->limit;
    if (segment_ && segment_->base() == place->base) return true;
    try {
      segment_.emplace(shared_->directory().open_segment(place->base), place->base,
                       shared_->seed());
      return true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      shared_->vanished(*place);
      position_ = limit_;
    }
  }
  return false;
}

Reader::Reader(std::unique_ptr<Walk> walk) : walk_(std::move(walk)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader::~Reader() = default;

std::optional<Frame> Reader::next() { return walk_->next(); }
Position Reader::position() const { return walk_->position(); }

}  // namespace logctl::spool
