// Fills a page of messages within its bounds, the same way for every backend. One thread.
//
//   PageFiller page(read.limit);
//   while (row.step()) {
//     if (page.full()) return page.take(true);
//     wanted(row) ? page.add(message_of(row)) : page.pass(position_of(row));
//   }
//   return page.take(false);
#pragma once

#include "shared/storage/message_store.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace logctl::storage {

// Of names, data and metadata together. The message that reaches it is still part of the page.
constexpr std::size_t kMostMessageBytes = 1024 * 1024;
// Messages of other members or correlations that one page may look at: tens of milliseconds.
constexpr std::size_t kMostPassedMessages = 20'000;

class PageFiller {
 public:
  explicit PageFiller(std::size_t limit) : limit_(limit) {}

  bool full() const {
    return page_.messages.size() >= limit_ || bytes_ >= kMostMessageBytes ||
           passed_ >= kMostPassedMessages;
  }
  void add(Message message) {
    bytes_ += message.data.size() + message.metadata.size() + message.stream.size() +
              message.type.size() + sizeof(Message);
    page_.next_global_position = message.global_position + 1;
    page_.messages.push_back(std::move(message));
  }
  // Over a message that does not belong to the page.
  void pass(std::int64_t global_position) {
    ++passed_;
    page_.next_global_position = global_position + 1;
  }
  // `more`: there is a message behind the page. A page that may hold none has none behind it.
  MessagePage take(bool more) {
    page_.more = more && limit_ > 0;
    return std::move(page_);
  }

 private:
  const std::size_t limit_;
  std::size_t bytes_ = 0;
  std::size_t passed_ = 0;
  MessagePage page_;
};

}  // namespace logctl::storage
