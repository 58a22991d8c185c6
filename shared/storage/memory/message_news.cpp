#include "shared/storage/memory/message_data.h"
#include "shared/storage/memory/message_store.h"

#include <chrono>
#include <cstdint>
#include <map>
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
    tokens_ = read_tokens();
  }

  std::vector<std::string> next(microseconds wait) override {
    const auto until = std::chrono::steady_clock::now() + wait;
    changed_.clear();
    const Lock lock(data_->mutex);
    while (data_->changes == seen_) {
      if (data_->changed.wait_until(data_->mutex, until) == std::cv_status::timeout) break;
    }
    std::vector<std::string> names;
    for (const auto& [name, space] : data_->spaces) {
      if (space.changed > seen_) names.push_back(name);
    }
    if (seen_ != data_->changes) compare(read_tokens());
    seen_ = data_->changes;
    return names;
  }

  const std::vector<std::string>& changed() const override { return changed_; }

 private:
  // Which space a namespace is, and its token.
  using Tokens = std::map<std::string, std::pair<std::uint64_t, std::string>>;

  Tokens read_tokens() const REQUIRES_LOCK(data_->mutex) {
    Tokens tokens;
    for (const auto& [name, space] : data_->spaces) {
      tokens.emplace(name, std::pair(space.made, space.row.token_hash));
    }
    return tokens;
  }

  void compare(Tokens now) {
    for (const auto& [name, token] : tokens_) {
      const auto found = now.find(name);
      if (found == now.end() || found->second != token) changed_.push_back(name);
    }
    tokens_ = std::move(now);
  }

  const std::shared_ptr<MessageData> data_;
  std::uint64_t seen_ = 0;
  Tokens tokens_;
  std::vector<std::string> changed_;
};

}  // namespace

std::unique_ptr<MessageNews> listen_to_messages(std::shared_ptr<MessageData> data) {
  return std::make_unique<MemoryMessageNews>(std::move(data));
}

}  // namespace logctl::storage::memory
