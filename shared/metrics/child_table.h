// Label values -> the metric that counts them, for the hot path: a look-up takes no lock.
//
// Entries are only ever added, up to a fixed number, so a look-up is a probe over atomic pointers.
// When the table is full, new names get the overflow child: labels stay bounded whatever happens.
#pragma once

#include "shared/base/mutex.h"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace logctl::metrics {

template <typename Child, std::size_t kSlots = 1024>
class ChildTable {
 public:
  ChildTable() = default;
  ~ChildTable() {
    for (auto& slot : slots_) delete slot.load();
  }
  ChildTable(const ChildTable&) = delete;

  // The child called `key`; `make` creates it when it is asked for the first time, `overflow` when
  // the table has no more room.
  template <typename Make, typename Overflow>
  Child& get(std::string_view key, Make&& make, Overflow&& overflow) {
    const std::size_t start = std::hash<std::string_view>()(key) % kSlots;
    if (Entry* found = find(key, start)) return found->child;
    const Lock lock(mutex_);
    if (Entry* found = find(key, start)) return found->child;
    if (count_ == kMost) {
      if (!overflow_) overflow_ = std::make_unique<Child>(overflow());
      return *overflow_;
    }
    ++count_;
    auto entry = std::make_unique<Entry>(Entry{std::string(key), make()});
    std::size_t at = start;
    while (slots_[at].load(std::memory_order_relaxed) != nullptr) at = (at + 1) % kSlots;
    slots_[at].store(entry.get(), std::memory_order_release);
    return entry.release()->child;
  }

 private:
  struct Entry {
    std::string key;
    Child child;
  };
  static constexpr std::size_t kMost = kSlots / 2;  // empty slots end every probe

  Entry* find(std::string_view key, std::size_t start) const {
    for (std::size_t at = start;; at = (at + 1) % kSlots) {
      Entry* entry = slots_[at].load(std::memory_order_acquire);
      if (entry == nullptr || entry->key == key) return entry;
    }
  }

  std::array<std::atomic<Entry*>, kSlots> slots_{};
  Mutex mutex_;
  std::size_t count_ GUARDED_BY(mutex_) = 0;
  std::unique_ptr<Child> overflow_ GUARDED_BY(mutex_);
};

}  // namespace logctl::metrics
