// A place in a stream or category from which it is read on, each time to its end.
#pragma once

#include "cli/streams/source.h"

namespace logctl::cli {

class Following {
 public:
  // Begins at what.from; without, somebody has to begin_at().
  Following(StreamSource& source, const Followed& what)
      : source_(source), what_(what), next_(what.from) {}

  bool has_begun() const { return next_.has_value(); }
  void begin_at(std::int64_t position) { next_ = position; }
  std::int64_t next() const { return next_.value_or(0); }
  // The messages from the place to the end, each once.
  void read_on(const StreamSource::Take& take);

 private:
  storage::MessagePage read() const;

  StreamSource& source_;
  const Followed& what_;
  std::optional<std::int64_t> next_;
};

}  // namespace logctl::cli
