// How a Reader gets from frame to frame and from segment to segment. Private to the spool.
#pragma once

#include "shared/spool/segment_reader.h"
#include "shared/spool/shared.h"

#include <memory>
#include <optional>

namespace logctl::spool {

class Reader::Walk {
 public:
  Walk(std::shared_ptr<Shared> shared, Position from);
  std::optional<Frame> next();
  Position position() const { return position_; }

 private:
  bool advance();

  std::shared_ptr<Shared> shared_;
  std::optional<SegmentReader> segment_;
  Position position_;
  Position limit_ = 0;  // what of this segment may be read
};

}  // namespace logctl::spool
