// Tells subscribers of messages that were written, whoever wrote them.
//
// For each namespace with subscribers the newest pokes are kept in the order of global positions,
// without holes. What this daemon writes is handed over after its commit; when that does not follow
// on what is known (another daemon wrote in between), or when the store tells of news, the hub
// reads what is missing from the store. A subscription is a place in this order: it takes what
// comes behind, and when that is not kept any more, its owner reads the store. So nothing is lost
// or told twice, and slow subscribers cost no memory.
//
// Two threads of its own, which sleep while nobody subscribes. Thread-safe.
#pragma once

#include "service/messages/poke_filter.h"
#include "shared/base/cancellation.h"
#include "shared/base/mutex.h"
#include "shared/metrics/observer.h"
#include "shared/storage/message_store.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace logctl::messages {

class PokeHub {
 public:
  struct Limits {
    std::size_t history = 10'000;  // pokes of one namespace
    std::size_t max_subscribers = 10'000;
    std::size_t max_per_namespace = 100;
  };
  using Listen = std::function<std::unique_ptr<storage::MessageNews>()>;

  // What is lent outlives the hub.
  PokeHub(storage::MessageStore& store, Listen listen, metrics::Observer& observer, Limits limits);
  ~PokeHub();  // stops
  PokeHub(const PokeHub&) = delete;

  class Subscription;
  // Throws RpcError{too_many_subscriptions, namespace_not_found}, Error{overloaded}. Blocks on the
  // store. `token_hash`: the subscription ends when the namespace has another one; empty: it does
  // not.
  std::unique_ptr<Subscription> subscribe(std::string_view name_space, std::string token_hash);
  std::size_t subscribers() const { return count_.load(); }

  // After their commit; in order.
  void publish(std::string_view name_space, std::span<const storage::Poke> pokes);
  // The namespace was cleared or filled by this daemon.
  void changed(std::string_view name_space);
  void stop();  // idempotent

 private:
  struct Space;
  using SpacePointer = std::shared_ptr<Space>;

  void catch_up_all();
  void follow();
  void listen_while_needed(storage::MessageNews& news);
  void check_spaces();
  void bring(Space& space);
  // Takes over what the store knows of the namespace; false when there is none.
  bool look(const SpacePointer& space);
  void want(const SpacePointer& space);
  SpacePointer find(std::string_view name_space) const;
  std::vector<SpacePointer> spaces() const;
  void leave(Subscription& subscription);
  void failed(std::string_view what) const;

  storage::MessageStore& store_;
  const Listen listen_;
  metrics::Observer& observer_;
  const Limits limits_;
  std::atomic<std::size_t> count_ = 0;
  std::atomic<bool> stopping_ = false;
  const std::shared_ptr<Cancellation> cancellation_ = std::make_shared<Cancellation>();

  mutable Mutex mutex_;
  Condition needed_;  // somebody subscribes, or the end
  Condition wanted_changed_;
  std::map<std::string, SpacePointer, std::less<>> spaces_ GUARDED_BY(mutex_);
  std::set<SpacePointer> wanted_ GUARDED_BY(mutex_);  // something is to be read from the store
  std::thread catcher_;
  std::thread follower_;
};

// One subscriber's access to the hub. One thread, besides the hub's calls of `wake`.
class PokeHub::Subscription {
 public:
  ~Subscription();
  Subscription(const Subscription&) = delete;

  // Everything up to here is committed, and what comes behind is kept for a while.
  std::int64_t head() const;

  struct Taken {
    std::vector<storage::Poke> pokes;
    std::int64_t cursor = 0;  // everything up to here was looked at
    bool lagged = false;      // what comes behind `cursor` is to be read from the store
    bool more = false;        // there is more at once
    bool ended = false;       // the token was rotated, or the namespace deleted
  };
  // What matches behind `cursor`, at most about `limit`. When there is nothing, `wake` is called
  // once as soon as there may be, on any thread.
  Taken take(std::int64_t cursor, const PokeFilter& filter, std::size_t limit,
             std::function<void()> wake);

 private:
  friend class PokeHub;
  Subscription(PokeHub& hub, SpacePointer space, std::string token_hash);

  PokeHub& hub_;
  const SpacePointer space_;
  const std::string token_hash_;
  std::uint64_t generation_ = 0;  // of the namespace's positions, when it last took
  std::function<void()> wake_;    // guarded by the namespace's mutex
};

}  // namespace logctl::messages
