#include "shared/storage/memory/message_data.h"
#include "shared/storage/memory/message_store.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace logctl::storage::memory {
namespace {

class MemoryMessageNews final : public MessageNews {
 public:
  explicit MemoryMessageNews(std::shared_ptr<MessageData> data) : data_(std::move(data)) {
    const Lock lock(data_->mutex);
    seen_ = data_->changes;
  }

  std::vector<std::string> next(microseconds wait) override {
    const auto until = std::chrono::steady_clock::now() + wait;
    const Lock lock(data_->mutex);
    while (data_->changes == seen_) {
      if (data_->changed.wait_until(data_->mutex, until) == std::cv_status::timeout) break;
    }
    std::vector<std::string> names;
    for (const auto& [name, space] : data_->spaces) {
      if (space.changed > seen_) names.push_back(name);
    }
    seen_ = data_->changes;
    return names;
  }

 private:
  const std::shared_ptr<MessageData> data_;
  std::uint64_t seen_ = 0;
};

}  // namespace

std::unique_ptr<MessageNews> listen_to_messages(std::shared_ptr<MessageData> data) {
  return std::make_unique<MemoryMessageNews>(std::move(data));
}

}  // namespace logctl::storage::memory
