#include "service/handlers/message_pages.h"

#include "service/http/body_source.h"
#include "shared/base/error.h"
#include "shared/messages/message_json.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace logctl::handlers {
namespace {

using boost::asio::awaitable;
using storage::CategoryRead;
using storage::MessagePage;
using storage::StreamRead;
using RunBlocking = std::function<awaitable<void>(std::function<void()>)>;

constexpr std::size_t kPage = 1000;
constexpr std::size_t kPieceBytes = 64 * 1024;

MessagePage fetch(storage::MessageStore& store, MessageReading reading) {
  const auto limit = static_cast<std::size_t>(std::min<std::uint64_t>(reading.left, kPage));
  if (auto* stream = std::get_if<StreamRead>(&reading.what)) {
    stream->limit = limit;
    return store.read_stream(*stream);
  }
  auto& category = std::get<CategoryRead>(reading.what);
  category.limit = limit;
  return store.read_category(category);
}

// Behind the page. False when there is nothing more to read.
bool advance(MessageReading& reading, const MessagePage& page) {
  reading.left -= std::min<std::uint64_t>(reading.left, page.messages.size());
  if (auto* stream = std::get_if<StreamRead>(&reading.what)) {
    if (page.messages.empty()) return false;
    stream->position = page.messages.back().position + 1;
  } else {
    std::get<CategoryRead>(reading.what).global_position = page.next_global_position;
  }
  return page.more && reading.left > 0;
}

awaitable<std::shared_ptr<MessagePage>> read_page(storage::MessageStore& store,
                                                  const RunBlocking& run_blocking,
                                                  const MessageReading& reading) {
  // The worker may outlive who asks: it owns what it touches.
  const auto page = std::make_shared<MessagePage>();
  std::function<void()> work = [&store, page, reading] { *page = fetch(store, reading); };
  co_await run_blocking(std::move(work));
  co_return page;
}

// The text of an array that comes in pages.
class ArrayText {
 public:
  explicit ArrayText(const MessageReading& reading)
      : of_category_(std::holds_alternative<CategoryRead>(reading.what)) {}

  void append(std::string& out, const storage::Message& message) {
    out.push_back(std::exchange(separator_, ','));
    if (of_category_) {
      messages::append_category_message(out, message);
    } else {
      messages::append_stream_message(out, message);
    }
  }
  void end(std::string& out) const { out.append(separator_ == '[' ? "[]" : "]"); }

 private:
  const bool of_category_;
  char separator_ = '[';
};

class PagesSource final : public http::BodySource {
 public:
  // `page` was read already, and there is more behind it.
  PagesSource(storage::MessageStore& store, const RunBlocking& run_blocking, MessageReading reading,
              std::shared_ptr<MessagePage> page)
      : store_(store),
        run_blocking_(run_blocking),
        reading_(std::move(reading)),
        text_(reading_),
        page_(std::move(page)) {}

  awaitable<std::optional<std::string>> next() override {
    if (ended_) co_return std::nullopt;
    std::string piece;
    while (true) {
      while (next_ < page_->messages.size() && piece.size() < kPieceBytes) {
        text_.append(piece, page_->messages[next_++]);
      }
      if (piece.size() >= kPieceBytes) co_return piece;
      if (!more_) break;
      if (winding_down_) {
        // Broken off, so that nobody takes it for the whole.
        complete_ = false;
        ended_ = true;
        co_return piece;
      }
      if (!piece.empty()) co_return piece;
      auto reading = read_page(store_, run_blocking_, reading_);
      page_ = co_await std::move(reading);
      next_ = 0;
      more_ = advance(reading_, *page_);
    }
    text_.end(piece);
    ended_ = true;
    co_return piece;
  }

  bool complete() const override { return complete_; }
  void wind_down() noexcept override { winding_down_ = true; }
  void abandon() noexcept override { winding_down_ = true; }

 private:
  storage::MessageStore& store_;
  const RunBlocking& run_blocking_;
  MessageReading reading_;
  ArrayText text_;
  std::shared_ptr<MessagePage> page_;
  std::size_t next_ = 0;
  bool more_ = true;
  bool winding_down_ = false;
  bool ended_ = false;
  bool complete_ = true;
};

}  // namespace

awaitable<http::Response> answer_messages(storage::MessageStore& store,
                                          const RunBlocking& run_blocking, MessageReading reading) {
  auto asking = read_page(store, run_blocking, reading);
  std::shared_ptr<MessagePage> page = co_await std::move(asking);
  if (advance(reading, *page)) {
    http::Response response;
    response.source =
        std::make_shared<PagesSource>(store, run_blocking, std::move(reading), std::move(page));
    co_return response;
  }
  ArrayText text(reading);
  std::string body;
  for (const storage::Message& message : page->messages) text.append(body, message);
  text.end(body);
  co_return http::json(200, std::move(body));
}

}  // namespace logctl::handlers
