#include "service/handlers/tail_source.h"

#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"
#include "shared/query/record_json.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::handlers {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kPieceBytes = 256 * 1024;
// Pieces smaller than this wait a moment for company: many subscribers would otherwise keep the
// connections' thread busy with single records.
constexpr std::size_t kFewBytes = 16 * 1024;
constexpr microseconds kPause = milliseconds(20);
constexpr microseconds kPausePerSubscriber = microseconds(60);
constexpr microseconds kLongestPause = milliseconds(80);

constexpr std::uint32_t kPage = 1000;
// A record that is late by more is not looked for in the store.
constexpr microseconds kLate = std::chrono::hours(1);
// Requests are stored in about the order in which they came, not in exactly that.
constexpr microseconds kOverlap = seconds(1);
constexpr std::size_t kMostNoted = 200'000;
constexpr microseconds kNotedFor = seconds(10);
constexpr microseconds kCheckKey = seconds(1);

query::Filter received_since(Timestamp time) {
  query::Filter filter;
  filter.field = query::Field::received_at;
  filter.op = query::Op::at_least;
  filter.value = format_rfc3339(time);
  return filter;
}

void append_event(std::string& out, std::string_view position, std::string_view json) {
  out.append("id: ").append(position).append("\ndata: ").append(json).append("\n\n");
}

std::string json_line(const LogRecord& record) {
  std::string json;
  query::append_record(json, record);
  std::ranges::replace(json, '\n', ' ');
  std::ranges::replace(json, '\r', ' ');
  return json;
}

}  // namespace

// Shared with the hub's thread, which may call it when the source is gone.
struct TailSource::Waker {
  explicit Waker(asio::any_io_executor executor) : timer(std::move(executor)) {}
  asio::steady_timer timer;
  bool woken = false;  // on the connection's executor
};

TailSource::TailSource(tail::Hub& hub, storage::LogStore& store, HeavyWork& work,
                       const Clock& clock, Settings settings)
    : hub_(hub), store_(store), work_(work), clock_(clock), settings_(std::move(settings)) {}

TailSource::~TailSource() { leave(); }

void TailSource::leave() {
  if (subscriber_) hub_.leave(*subscriber_);
  subscriber_.reset();
}

awaitable<void> TailSource::open() {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  waker_ = std::make_shared<Waker>(executor);
  older_due_ = !settings_.after && settings_.lines > 0;
  catching_up_ = settings_.after.has_value();
  missing_ = settings_.question;
  missing_.order = query::Order::ascending;
  missing_.limit = kPage;
  pass_began_ = clock_.now();
  if (settings_.after) {
    const Timestamp from = settings_.after->received_at;
    missing_.filters.push_back(received_since(from - kOverlap));
    missing_.since = std::max(missing_.since.value_or(from - kLate), from - kLate);
    note_sent(fmt::format("{:x}.{}", to_micros(from),
                          format_record_id(settings_.after->timestamp, settings_.after->event_id)));
  }
  co_await subscribe(settings_.after);
}

awaitable<void> TailSource::subscribe(std::optional<tail::Position> after) {
  const auto made = std::make_shared<tail::Hub::Subscription>();
  std::function<void()> work = [&hub = hub_, made, question = settings_.question, after] {
    *made = hub.subscribe(question, after);
  };
  co_await work_.run(cancellation_, std::move(work));
  subscriber_ = made->subscriber;
  if (made->resumed) catching_up_ = false;
}

awaitable<std::shared_ptr<storage::Page>> TailSource::search(query::Query question) {
  const auto page = std::make_shared<storage::Page>();
  std::function<void()> work = [&store = store_, page, question = std::move(question)] {
    *page = store.search(question);
  };
  co_await work_.run(cancellation_, std::move(work));
  co_return page;
}

awaitable<std::string> TailSource::older_lines() {
  query::Query question = settings_.question;
  question.limit = settings_.lines;
  const auto page = co_await search(std::move(question));
  std::string piece;
  auto& records = page->batch.records;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    const std::string position = tail::format_position(*record);
    note_sent(position);
    append_event(piece, position, json_line(*record));
  }
  older_due_ = false;
  caught_up_at_ = SteadyClock::now();
  co_return piece;
}

// A page of what the client has missed. Long ones are read without a place at the hub, whose queue
// would overflow meanwhile; then once more what came while they were read.
awaitable<std::string> TailSource::missed() {
  const auto page = co_await search(missing_);
  std::string piece;
  for (const LogRecord& record : page->batch.records) {
    const std::string position = tail::format_position(record);
    if (was_sent(position)) continue;
    note_sent(position);
    append_event(piece, position, json_line(record));
  }
  missing_.after = page->next;
  if (page->next) {
    if (first_pass_) leave();
  } else if (std::exchange(first_pass_, false) && !subscriber_) {
    co_await subscribe(std::nullopt);
    missing_.filters.back() = received_since(pass_began_ - kOverlap);
    missing_.since = std::max(*missing_.since, pass_began_ - kLate);
    pass_began_ = clock_.now();
  } else {
    catching_up_ = false;
    caught_up_at_ = SteadyClock::now();
  }
  co_return piece;
}

awaitable<std::optional<std::string>> TailSource::next() {
  if (ended_) co_return std::nullopt;
  if (!std::exchange(greeted_, true)) co_return std::string("retry: 1000\n: following\n\n");
  if (older_due_ || catching_up_) {
    std::string words;
    try {
      // Not a conditional expression: g++ 12 is not to be trusted with two co_awaits in one.
      if (older_due_) {
        words = co_await older_lines();
      } else {
        words = co_await missed();
      }
    } catch (const Error& error) {
      complete_ = false;
      words = last_words("error", error.message());
    }
    co_return words;
  }
  const auto begun = SteadyClock::now();
  while (true) {
    if (ended_) co_return std::nullopt;
    if (winding_down_) co_return last_words("end", "the server is stopping");
    const auto now = SteadyClock::now();
    if (now - checked_at_ >= kCheckKey) {
      checked_at_ = now;
      if (!settings_.allowed()) co_return last_words("end", "the key has ended");
    }
    const microseconds pause =
        std::min(kPause + kPausePerSubscriber * static_cast<std::int64_t>(hub_.subscribers()),
                 kLongestPause);
    if (now - sent_at_ < pause && subscriber_->waiting_bytes() < kFewBytes) {
      co_await wait(std::chrono::duration_cast<microseconds>(pause - (now - sent_at_)));
      continue;
    }
    std::function<void()> wake = [waker = waker_] {
      auto fire = [waker] {
        waker->woken = true;
        waker->timer.cancel();
      };
      asio::post(waker->timer.get_executor(), std::move(fire));
    };
    const tail::Subscriber::Taken taken = subscriber_->take(kPieceBytes, std::move(wake));
    if (!taken.empty()) {
      std::string piece = piece_of(taken);
      if (piece.empty()) continue;
      sent_at_ = SteadyClock::now();
      co_return piece;
    }
    if (now - begun >= settings_.heartbeat) co_return std::string(": still here\n\n");
    const auto left = std::chrono::duration_cast<microseconds>(settings_.heartbeat - (now - begun));
    co_await wait(std::min(left, kCheckKey));
  }
}

std::string TailSource::piece_of(const tail::Subscriber::Taken& taken) {
  if (caught_up_at_ && SteadyClock::now() - *caught_up_at_ > kNotedFor) {
    caught_up_at_.reset();
    sent_.clear();
  }
  std::string piece;
  for (const tail::EventPointer& event : taken.events) {
    if (!sent_.empty() && was_sent(event->position)) continue;
    append_event(piece, event->position, event->json);
  }
  if (taken.skipped > 0) {
    piece += fmt::format("event: skipped\ndata: {{\"records\":{}}}\n\n", taken.skipped);
  }
  return piece;
}

bool TailSource::was_sent(const std::string& position) const {
  return sent_.contains(std::hash<std::string>()(position));
}

void TailSource::note_sent(const std::string& position) {
  if (sent_.size() < kMostNoted) sent_.insert(std::hash<std::string>()(position));
}

// True when it was woken.
awaitable<bool> TailSource::wait(microseconds time) {
  if (!waker_->woken && !ended_ && !winding_down_) {
    waker_->timer.expires_after(time);
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await waker_->timer.async_wait(token);
  }
  co_return std::exchange(waker_->woken, false);
}

std::string TailSource::last_words(std::string_view event, std::string_view reason) {
  ended_ = true;
  std::string json;
  JsonWriter writer(json);
  writer.begin_object().field("reason", reason).end_object();
  return fmt::format("event: {}\ndata: {}\n\n", event, json);
}

void TailSource::wind_down() noexcept {
  winding_down_ = true;
  if (waker_) waker_->timer.cancel();
}

void TailSource::abandon() noexcept {
  ended_ = true;
  work_.cancel(cancellation_);
  if (waker_) waker_->timer.cancel();
}

}  // namespace logctl::handlers
