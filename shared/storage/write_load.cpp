#include "shared/storage/write_load.h"

namespace logctl::storage {

void WriteLoad::begin(Time now) {
  const Lock lock(mutex_);
  look(now);
  if (writing_++ == 0) since_ = now;
}

void WriteLoad::end(Time now) {
  const Lock lock(mutex_);
  if (--writing_ == 0) busy_ += now - since_;
  look(now);
}

void WriteLoad::look(Time now) {
  if (now - stretch_ < kStretch) return;
  if (writing_ > 0) {
    busy_ += now - since_;
    since_ = now;
  }
  was_busy_ = busy_ > most_ * (now - stretch_);
  stretch_ = now;
  busy_ = {};
}

bool WriteLoad::saturated(Time now) const {
  const Lock lock(mutex_);
  if (writing_ > 0 && now - since_ > kStretch) return true;
  return was_busy_ && now - stretch_ < 2 * kStretch;
}

}  // namespace logctl::storage
