// A bounded amount (bytes of memory, say) that several owners share, so that one who asks for all
// of it cannot keep the others out.
//
// Up to half of the limit goes to whoever comes. Of the other half an owner gets only what keeps it
// within an equal share, counted with one more owner than there are: there is always room for a
// newcomer. Thread-safe.
#pragma once

#include "shared/base/mutex.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace logctl {

class FairShare {
 public:
  explicit FairShare(std::uint64_t limit) : limit_(limit) {}

  // False: not now. `held` is what the asker has taken before for the same thing: when that is all
  // there is, it gets any amount, so that a thing larger than the limit passes when it is alone.
  [[nodiscard]] bool take(std::string_view owner, std::uint64_t amount, std::uint64_t held = 0);
  void give_back(std::string_view owner, std::uint64_t amount);

  void set_limit(std::uint64_t limit);
  std::uint64_t taken() const;

 private:
  mutable Mutex mutex_;
  std::uint64_t limit_ GUARDED_BY(mutex_);
  std::uint64_t taken_ GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::uint64_t, std::less<>> owners_ GUARDED_BY(mutex_);  // those with some
};

}  // namespace logctl
