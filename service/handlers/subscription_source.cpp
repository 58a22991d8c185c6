#include "service/handlers/subscription_source.h"

#include "service/handlers/message_errors.h"
#include "shared/base/json_writer.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace logctl::handlers {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using messages::PokeFilter;
using messages::PokeHub;
using storage::Poke;

constexpr std::size_t kPage = 1000;  // pokes read from the store, and sent, at once
constexpr microseconds kAfterFailure = seconds(1);

}  // namespace

// Shared with the hub's threads, which may call it when the source is gone.
struct SubscriptionSource::Waker {
  explicit Waker(asio::any_io_executor executor) : timer(std::move(executor)) {}
  asio::steady_timer timer;
  bool woken = false;  // on the connection's executor
};

// What the store has behind the cursor.
struct SubscriptionSource::Page {
  std::vector<Poke> pokes;
  std::int64_t cursor = 0;
  bool more = false;
};

SubscriptionSource::SubscriptionSource(PokeHub& hub, storage::MessageStore& store,
                                       metrics::Observer& observer, const RunBlocking& run_blocking,
                                       Settings settings)
    : hub_(hub),
      store_(store),
      observer_(observer),
      run_blocking_(run_blocking),
      settings_(std::make_shared<const Settings>(std::move(settings))),
      stream_position_(settings_->filter.position) {}

SubscriptionSource::~SubscriptionSource() = default;

awaitable<void> SubscriptionSource::open() {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  waker_ = std::make_shared<Waker>(executor);
  // Shared with the worker, which may outlive the source.
  const auto made = std::make_shared<std::unique_ptr<PokeHub::Subscription>>();
  std::function<void()> work = [&hub = hub_, made, name_space = settings_->name_space,
                                token_hash = settings_->token_hash] {
    *made = hub.subscribe(name_space, token_hash);
  };
  try {
    co_await run_blocking_(std::move(work));
  } catch (const Error& error) {
    throw_for_client(error);
  }
  subscription_ = std::move(*made);
  from_store_ = settings_->after.has_value();
  cursor_ = settings_->after.value_or(subscription_->head());
}

awaitable<std::optional<std::string>> SubscriptionSource::next() {
  if (ended_) co_return std::nullopt;
  if (!std::exchange(greeted_, true)) co_return std::string(": ready\n\n");
  const auto begun = std::chrono::steady_clock::now();
  while (!ended_ && !winding_down_) {
    if (from_store_) {
      auto reading = stored();
      std::string piece = co_await std::move(reading);
      if (!piece.empty()) co_return piece;
      continue;
    }
    std::optional<std::string> piece = live();
    if (piece && !piece->empty()) co_return piece;
    if (piece) continue;
    const auto passed =
        std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begun);
    if (passed >= settings_->heartbeat) co_return std::string(": still here\n\n");
    co_await wait(settings_->heartbeat - passed);
  }
  if (std::exchange(ended_, true)) co_return std::nullopt;
  co_return std::string(": the server is stopping\n\n");
}

SubscriptionSource::Page SubscriptionSource::read(storage::MessageStore& store,
                                                  const Settings& settings, std::int64_t cursor,
                                                  std::int64_t stream_position) {
  const PokeFilter& filter = settings.filter;
  Page page;
  if (filter.kind == PokeFilter::Kind::all) {
    page.pokes = store.pokes(settings.name_space, cursor + 1, kPage);
    page.more = page.pokes.size() == kPage;
    page.cursor = page.pokes.empty() ? cursor : page.pokes.back().global_position;
    return page;
  }
  storage::MessagePage found;
  if (filter.kind == PokeFilter::Kind::stream) {
    storage::StreamRead read;
    read.name_space = settings.name_space;
    read.stream = filter.name;
    read.position = stream_position;
    read.global_position = cursor + 1;
    read.limit = kPage;
    found = store.read_stream(read);
  } else {
    storage::CategoryRead read;
    read.name_space = settings.name_space;
    read.category = filter.name;
    read.global_position = cursor + 1;
    read.limit = kPage;
    read.group = filter.group;
    found = store.read_category(read);
  }
  for (const storage::Message& message : found.messages) {
    page.pokes.push_back({message.stream, message.position, message.global_position});
  }
  page.more = found.more;
  page.cursor = cursor;
  if (!page.pokes.empty()) page.cursor = page.pokes.back().global_position;
  if (found.more && filter.kind == PokeFilter::Kind::category) {
    page.cursor = found.next_global_position - 1;
  }
  return page;
}

// A page out of the store. With the last one, everything up to what the hub knew before is told.
awaitable<std::string> SubscriptionSource::stored() {
  const std::int64_t head = subscription_->head();
  const auto page = std::make_shared<Page>();
  std::function<void()> work = [page, &store = store_, settings = settings_, cursor = cursor_,
                                position = stream_position_] {
    *page = read(store, *settings, cursor, position);
  };
  std::optional<Error> failure;
  try {
    co_await run_blocking_(std::move(work));
  } catch (const Error& error) {
    failure = error;
  }
  if (failure) {
    if (!info(failure->code()).retryable) {
      ended_ = true;
      co_return fmt::format(": ended, {}\n\n", message_error_for_client(*failure).message());
    }
    co_await wait(kAfterFailure);
    co_return std::string();
  }
  std::string piece;
  for (const Poke& poke : page->pokes) append(piece, poke);
  cursor_ = page->cursor;
  if (settings_->filter.kind == PokeFilter::Kind::stream && !page->pokes.empty()) {
    stream_position_ = page->pokes.back().position + 1;
  }
  if (!page->more) {
    cursor_ = std::max(cursor_, head);
    from_store_ = false;
  }
  observer_.messages().poked(std::exchange(pokes_, 0));
  co_return piece;
}

// Nothing: there is none, and the waker is armed. Empty: look again.
std::optional<std::string> SubscriptionSource::live() {
  std::function<void()> wake = [waker = waker_] {
    auto fire = [waker] {
      waker->woken = true;
      waker->timer.cancel();
    };
    asio::post(waker->timer.get_executor(), std::move(fire));
  };
  const PokeHub::Subscription::Taken taken =
      subscription_->take(cursor_, settings_->filter, kPage, std::move(wake));
  cursor_ = taken.cursor;
  if (taken.ended) {
    ended_ = true;
    return ": ended, the token of the namespace is not valid any more\n\n";
  }
  if (taken.lagged) {
    from_store_ = true;
    // Positions that begin anew are read anew.
    if (cursor_ == 0) stream_position_ = settings_->filter.position;
    observer_.messages().lagged();
    return fmt::format(": lagged {}\n\n", cursor_);
  }
  std::string piece;
  for (const Poke& poke : taken.pokes) {
    append(piece, poke);
    if (settings_->filter.kind == PokeFilter::Kind::stream) stream_position_ = poke.position + 1;
  }
  observer_.messages().poked(std::exchange(pokes_, 0));
  if (piece.empty() && !taken.more) return std::nullopt;
  return piece;
}

void SubscriptionSource::append(std::string& out, const Poke& poke) {
  ++pokes_;
  fmt::format_to(std::back_inserter(out),
                 "id: {}\nevent: poke\ndata: {{\"stream\":", poke.global_position);
  append_json_string(out, poke.stream);
  fmt::format_to(std::back_inserter(out), ",\"position\":{},\"globalPosition\":{}}}\n\n",
                 poke.position, poke.global_position);
}

awaitable<void> SubscriptionSource::wait(microseconds time) {
  if (!waker_->woken && !ended_ && !winding_down_) {
    waker_->timer.expires_after(time);
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await waker_->timer.async_wait(token);
  }
  waker_->woken = false;
}

void SubscriptionSource::wind_down() noexcept {
  winding_down_ = true;
  if (waker_) waker_->timer.cancel();
}

void SubscriptionSource::abandon() noexcept {
  ended_ = true;
  if (waker_) waker_->timer.cancel();
}

}  // namespace logctl::handlers
