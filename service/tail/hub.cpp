#include "service/tail/hub.h"

#include "service/tail/copy_record.h"
#include "shared/base/error.h"
#include "shared/query/record_json.h"
#include "shared/query/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace logctl::tail {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Compared under one lock: whoever subscribes waits no longer than for these.
constexpr std::size_t kAtOnce = 64;
// Of so many published records it is known that they were.
constexpr std::size_t kRemembered = 200'000;
constexpr milliseconds kRoomPause{5};

std::int64_t ticks(SteadyClock::time_point time) { return time.time_since_epoch().count(); }

std::uint64_t identity(const LogRecord& record, std::string_view tenant) {
  std::string key = fmt::format("{}\n{}\n", to_micros(record.timestamp), tenant);
  key += record.event_id;
  return fingerprint(key, 0).low;
}

std::string_view tenant_of(const LogRecord& record) {
  return record.tenant.empty() ? std::string_view("default") : record.tenant;
}

EventPointer make_event(const LogRecord& record) {
  auto event = std::make_shared<Event>();
  event->position = format_position(record);
  query::append_record(event->json, record);
  // Between values, JSON may have been stored with line breaks; inside texts there are none.
  std::ranges::replace(event->json, '\n', ' ');
  std::ranges::replace(event->json, '\r', ' ');
  return event;
}

std::uint64_t bytes_of(const Batch& batch) {
  return batch.arena->allocated() + batch.records.size() * sizeof(LogRecord);
}

// The order in which a later look into the store would find them, so that a position means the
// same in both.
void sort_by_arrival(std::vector<LogRecord>& records) {
  const auto earlier = [](const LogRecord& a, const LogRecord& b) {
    return std::tie(a.received_at, a.timestamp, a.event_id) <
           std::tie(b.received_at, b.timestamp, b.event_id);
  };
  if (!std::ranges::is_sorted(records, earlier)) std::ranges::sort(records, earlier);
}

}  // namespace

Hub::Hub(Limits limits)
    : limits_(limits), queue_(limits.waiting_bytes), thread_([this] { run(); }) {}

Hub::~Hub() { stop(); }

void Hub::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

bool Hub::listening() const {
  return count_.load(std::memory_order_relaxed) > 0 ||
         ticks(SteadyClock::now()) < needed_until_.load(std::memory_order_relaxed);
}

void Hub::publish(std::string_view source, std::span<const LogRecord* const> stored) {
  if (stored.empty() || !listening()) return;
  {
    const Lock lock(mutex_);
    if (ours_.find(source) == ours_.end()) ours_.emplace(source);
  }
  auto batch = std::make_shared<Batch>();
  batch->records.reserve(stored.size());
  for (const LogRecord* record : stored) {
    batch->records.push_back(copy_record(*record, *batch->arena));
  }
  const std::uint64_t cost = bytes_of(*batch);
  if (queue_.push(std::move(batch), cost) == Push::full) lost_ += stored.size();
}

void Hub::publish_found(Batch&& found, std::string_view tenant) {
  auto batch = std::make_shared<Batch>(std::move(found));
  const std::string_view owner = batch->arena->copy(tenant);
  for (LogRecord& record : batch->records) record.tenant = owner;
  const std::uint64_t cost = bytes_of(*batch);
  while (queue_.push(std::move(batch), cost) == Push::full) {
    std::this_thread::sleep_for(kRoomPause);
  }
}

void Hub::run() {
  while (true) {
    auto batches = queue_.pop_some(1, 1);
    if (batches.empty()) return;
    process(batches.front());
  }
}

void Hub::process(const std::shared_ptr<Batch>& batch) {
  sort_by_arrival(batch->records);
  Past past{batch};
  {
    const Lock lock(mutex_);
    remember(*batch);
    history_.push_back(past);
    history_bytes_ += bytes_of(*batch);
    const std::uint64_t lost = lost_.exchange(0);
    for (auto& [text, group] : groups_) {
      for (const auto& subscriber : group.subscribers) {
        if (lost > 0) subscriber->skip(lost);
      }
      group.touched = group.touched || lost > 0;
    }
  }
  while (compare_some(*batch, past)) {
  }
  const Lock lock(mutex_);
  drop_closed();
  // The one that was just added stays, whatever its size.
  while (history_.size() > 1 && history_bytes_ > limits_.history_bytes) {
    history_bytes_ -= bytes_of(*history_.front().batch);
    history_.pop_front();
  }
}

// False when all are done.
bool Hub::compare_some(const Batch& batch, Past& past) {
  std::vector<std::shared_ptr<Subscriber>> woken;
  {
    const Lock lock(mutex_);
    const std::size_t end = std::min(past.done + kAtOnce, batch.records.size());
    for (; past.done < end; ++past.done) {
      const LogRecord& record = batch.records[past.done];
      EventPointer event;
      for (auto& [text, group] : groups_) {
        if (group.tenant != tenant_of(record) || !group.matcher.matches(record)) continue;
        if (!event) event = make_event(record);
        for (const auto& subscriber : group.subscribers) subscriber->push(event);
        group.touched = true;
      }
    }
    // A sweep may have forgotten it meanwhile.
    if (!history_.empty() && history_.back().batch.get() == &batch) {
      history_.back().done = past.done;
    }
    for (auto& [text, group] : groups_) {
      if (!std::exchange(group.touched, false)) continue;
      woken.insert(woken.end(), group.subscribers.begin(), group.subscribers.end());
    }
  }
  for (const auto& subscriber : woken) subscriber->notify();
  return past.done < batch.records.size();
}

// Leaves out what was published before.
void Hub::remember(Batch& batch) {
  std::erase_if(batch.records, [this](const LogRecord& record) REQUIRES_LOCK(mutex_) {
    return !note(record, tenant_of(record));
  });
}

// False when it was known.
bool Hub::note(const LogRecord& record, std::string_view tenant) {
  const std::uint64_t id = identity(record, tenant);
  if (!published_.insert(id).second) return false;
  published_order_.push_back(id);
  if (published_order_.size() > kRemembered) {
    published_.erase(published_order_.front());
    published_order_.pop_front();
  }
  return true;
}

void Hub::note_published(std::span<const LogRecord> records, std::string_view tenant) {
  const Lock lock(mutex_);
  for (const LogRecord& record : records) note(record, tenant);
}

void Hub::drop_closed() {
  for (auto group = groups_.begin(); group != groups_.end();) {
    std::erase_if(group->second.subscribers, [](const auto& one) { return one->closed(); });
    group = group->second.subscribers.empty() ? groups_.erase(group) : std::next(group);
  }
}

Hub::Subscription Hub::subscribe(const query::Query& question,
                                 const std::optional<Position>& after) {
  query::Matcher matcher(question);
  if (!listening()) since_ = to_micros(system_clock().now());
  if (count_.fetch_add(1) >= limits_.max_subscribers) {
    --count_;
    throw Error(ErrorCode::overloaded,
                fmt::format("{} clients follow already", limits_.max_subscribers),
                "try again later, or raise tail.max_subscribers");
  }
  Subscription made{std::make_shared<Subscriber>(limits_.subscriber_bytes)};
  const std::string key = question.tenant + '\n' + query::format_text(question);
  const Lock lock(mutex_);
  if (after) made.resumed = replay(*after, question, matcher, *made.subscriber);
  const auto [group, is_new] = groups_.try_emplace(key, Group{std::move(matcher), question.tenant});
  group->second.subscribers.push_back(made.subscriber);
  return made;
}

bool Hub::replay(const Position& after, const query::Query& question, const query::Matcher& matcher,
                 Subscriber& subscriber) {
  const auto is_it = [&](const LogRecord& record) {
    return record.timestamp == after.timestamp && record.event_id == after.event_id &&
           tenant_of(record) == question.tenant;
  };
  for (auto past = history_.rbegin(); past != history_.rend(); ++past) {
    const auto& records = past->batch->records;
    const auto found = std::ranges::find_if(records, is_it);
    const auto at = static_cast<std::size_t>(found - records.begin());
    if (at >= past->done) continue;
    std::size_t next = at + 1;
    for (auto later = std::prev(past.base()); later != history_.end(); ++later, next = 0) {
      for (std::size_t i = next; i < later->done; ++i) {
        const LogRecord& record = later->batch->records[i];
        if (matcher.matches(record)) subscriber.push(make_event(record));
      }
    }
    return true;
  }
  return false;
}

void Hub::leave(Subscriber& subscriber) {
  if (subscriber.closed()) return;
  subscriber.close();
  needed_until_ = ticks(SteadyClock::now() + limits_.linger);
  --count_;
}

bool Hub::is_ours(const std::string& source) const {
  const Lock lock(mutex_);
  return ours_.contains(source);
}

bool Hub::was_published(const LogRecord& record, std::string_view tenant) const {
  const std::uint64_t id = identity(record, tenant);
  const Lock lock(mutex_);
  return published_.contains(id);
}

std::vector<std::string> Hub::tenants() const {
  std::set<std::string> tenants;
  const Lock lock(mutex_);
  for (const auto& [text, group] : groups_) tenants.insert(group.tenant);
  return {tenants.begin(), tenants.end()};
}

void Hub::sweep() {
  const Lock lock(mutex_);
  drop_closed();
  if (listening() || published_.empty()) return;
  history_.clear();
  history_bytes_ = 0;
  published_.clear();
  published_order_.clear();
}

}  // namespace logctl::tail
