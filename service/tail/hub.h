// Brings records that were just stored to everybody who follows them.
//
// Whoever stores records hands over a copy and goes on; one thread compares them with the questions
// of all subscribers: equal questions are asked once, a record becomes text once. Everything is
// bounded: what waits to be compared, what waits for each subscriber, and the newest records that
// are kept for those who come back. While nobody follows, and for a while after, nothing is copied
// at all. Thread-safe.
#pragma once

#include "service/tail/position.h"
#include "service/tail/subscriber.h"
#include "shared/base/hash.h"
#include "shared/base/mutex.h"
#include "shared/base/queue.h"
#include "shared/query/match.h"
#include "shared/query/query.h"
#include "shared/record/record.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

namespace logctl::tail {

class Hub {
 public:
  struct Limits {
    std::uint64_t waiting_bytes = 32 * 1024 * 1024;  // records to be compared
    std::uint64_t history_bytes = 8 * 1024 * 1024;
    std::uint64_t subscriber_bytes = 256 * 1024;
    std::size_t max_subscribers = 2000;
    microseconds linger = seconds(300);  // after the last subscriber has left
  };
  explicit Hub(Limits limits);
  ~Hub();  // stops
  Hub(const Hub&) = delete;

  // False: nobody would hear it.
  bool listening() const;
  // Since when somebody has been following without a break.
  Timestamp listening_since() const { return from_micros(since_.load()); }
  // Records that this process has stored, in the name of `source`. Never waits.
  void publish(std::string_view source, std::span<const LogRecord* const> stored);
  // Records of one tenant that somebody else has stored; those that were published lately are left
  // out. Waits for room.
  void publish_found(Batch&& found, std::string_view tenant);

  struct Subscription {
    std::shared_ptr<Subscriber> subscriber;
    // What comes after `after` was still known and waits already. Else who subscribes has to look
    // in the store for it.
    bool resumed = false;
  };
  // Throws Error{overloaded} when there are too many, Error{validation_error} for a question that
  // cannot be asked. May take some milliseconds.
  Subscription subscribe(const query::Query& question, const std::optional<Position>& after);
  void leave(Subscriber& subscriber);
  std::size_t subscribers() const { return count_.load(std::memory_order_relaxed); }

  // For who looks for the records of others.
  bool is_ours(const std::string& source) const;
  bool was_published(const LogRecord& record, std::string_view tenant) const;
  // As if they had been published: they are no news.
  void note_published(std::span<const LogRecord> records, std::string_view tenant);
  std::vector<std::string> tenants() const;  // that somebody follows
  // Forgets what nobody needs any more. To be called every now and then.
  void sweep();
  void stop();  // idempotent

 private:
  struct Group {
    query::Matcher matcher;
    std::string tenant;
    std::vector<std::shared_ptr<Subscriber>> subscribers = {};
    bool touched = false;
  };
  struct Past {
    std::shared_ptr<const Batch> batch;
    std::size_t done = 0;  // records that were compared
  };
  using Groups = std::map<std::string, Group>;

  void run();
  void process(const std::shared_ptr<Batch>& batch);
  bool compare_some(const Batch& batch, Past& past);
  void remember(Batch& batch) REQUIRES_LOCK(mutex_);
  bool note(const LogRecord& record, std::string_view tenant) REQUIRES_LOCK(mutex_);
  void drop_closed() REQUIRES_LOCK(mutex_);
  bool replay(const Position& after, const query::Query& question, const query::Matcher& matcher,
              Subscriber& subscriber) REQUIRES_LOCK(mutex_);

  const Limits limits_;
  std::atomic<std::size_t> count_ = 0;
  std::atomic<std::int64_t> needed_until_ = 0;  // steady clock
  std::atomic<std::int64_t> since_ = 0;         // microseconds since 1970
  std::atomic<std::uint64_t> lost_ = 0;         // did not fit into the queue
  BoundedQueue<std::shared_ptr<Batch>> queue_;

  mutable Mutex mutex_;
  Groups groups_ GUARDED_BY(mutex_);
  std::deque<Past> history_ GUARDED_BY(mutex_);
  std::uint64_t history_bytes_ GUARDED_BY(mutex_) = 0;
  std::unordered_set<std::uint64_t> published_ GUARDED_BY(mutex_);
  std::deque<std::uint64_t> published_order_ GUARDED_BY(mutex_);
  std::set<std::string, std::less<>> ours_ GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace logctl::tail
