// The configuration in force: read by many threads, replaced as a whole on reload.
#pragma once

#include "shared/base/mutex.h"
#include "shared/config/config.h"

#include <memory>
#include <utility>

namespace logctl::config {

class Current {
 public:
  explicit Current(std::shared_ptr<const Config> config) : config_(std::move(config)) {}

  std::shared_ptr<const Config> get() const {
    const Lock lock(mutex_);
    return config_;
  }
  void set(std::shared_ptr<const Config> config) {
    const Lock lock(mutex_);
    config_ = std::move(config);
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const Config> config_ GUARDED_BY(mutex_);
};

}  // namespace logctl::config
