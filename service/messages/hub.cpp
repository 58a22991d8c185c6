#include "service/messages/hub.h"

#include "service/messages/rpc_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace logctl::messages {
namespace {

using SteadyClock = std::chrono::steady_clock;
using storage::Poke;

constexpr std::size_t kPage = 1000;  // read from the store at once
constexpr milliseconds kTurn{200};   // how long news are waited for at most
constexpr seconds kAfterFailure{1};
// News tell of a rotated token and of a namespace that was cleared or deleted. Should one get lost,
// it is noticed within this, by a look at each of them.
constexpr seconds kCheck{60};
// The listener is kept for those who come back.
constexpr seconds kLinger{10};

}  // namespace

// One namespace that somebody subscribes to.
struct PokeHub::Space {
  explicit Space(std::string_view id) : name(id) {}

  const std::string name;
  Mutex checking;  // one look at the store after the other, so that the newest counts; before mutex
  mutable Mutex mutex;
  std::deque<Poke> ring GUARDED_BY(mutex);  // everything in (floor, head]
  std::int64_t floor GUARDED_BY(mutex) = 0;
  std::int64_t head GUARDED_BY(mutex) = -1;                 // below 0: not looked up yet
  std::int64_t wanted GUARDED_BY(mutex) = 0;                // committed, but maybe not in the ring
  bool news GUARDED_BY(mutex) = false;                      // there may be more than that
  std::int64_t history GUARDED_BY(mutex) = 0;               // as last seen
  Timestamp created_at GUARDED_BY(mutex);                   // as last seen
  std::uint64_t generation GUARDED_BY(mutex) = 0;           // grows when positions begin anew
  std::optional<std::string> token_hash GUARDED_BY(mutex);  // as last seen
  bool gone GUARDED_BY(mutex) = false;
  std::set<Subscription*> subscribers GUARDED_BY(mutex);

  void add(const Poke& poke, std::size_t kept) REQUIRES_LOCK(mutex) {
    ring.push_back(poke);
    head = poke.global_position;
    if (ring.size() <= kept) return;
    floor = ring.front().global_position;
    ring.pop_front();
  }
  bool behind() const REQUIRES_LOCK(mutex) { return news || wanted > head; }
  void restart() REQUIRES_LOCK(mutex) {
    ring.clear();
    floor = head = wanted = 0;
    news = true;
    ++generation;
  }
  std::vector<std::function<void()>> sleepers() REQUIRES_LOCK(mutex) {
    std::vector<std::function<void()>> wakes;
    for (Subscription* subscriber : subscribers) {
      if (subscriber->wake_) wakes.push_back(std::exchange(subscriber->wake_, nullptr));
    }
    return wakes;
  }
};

PokeHub::PokeHub(storage::MessageStore& store, Listen listen, metrics::Observer& observer,
                 Limits limits)
    : store_(store),
      listen_(std::move(listen)),
      observer_(observer),
      limits_(limits),
      catcher_([this] { catch_up_all(); }),
      follower_([this] { follow(); }) {}

PokeHub::~PokeHub() { stop(); }

void PokeHub::stop() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  cancellation_->cancel();
  needed_.notify_all();
  wanted_changed_.notify_all();
  if (catcher_.joinable()) catcher_.join();
  if (follower_.joinable()) follower_.join();
}

std::unique_ptr<PokeHub::Subscription> PokeHub::subscribe(std::string_view name_space,
                                                          std::string token_hash) {
  std::unique_ptr<Subscription> made;
  SpacePointer space;
  {
    const Lock lock(mutex_);
    if (count_ >= limits_.max_subscribers) {
      throw Error(ErrorCode::overloaded,
                  fmt::format("all {} subscriptions are taken", limits_.max_subscribers),
                  "try again later, or raise messages.max_subscribers");
    }
    SpacePointer& slot = spaces_[std::string(name_space)];
    if (!slot) slot = std::make_shared<Space>(name_space);
    space = slot;
    made.reset(new Subscription(*this, space, std::move(token_hash)));
    const Lock inner(space->mutex);
    if (space->subscribers.size() >= limits_.max_per_namespace) {
      RpcError error(
          RpcCode::too_many_subscriptions,
          fmt::format("the namespace has {} subscriptions already", limits_.max_per_namespace));
      error.details = RpcError::detail("hint", "raise messages.max_subscribers_per_namespace");
      throw error;
    }
    space->subscribers.insert(made.get());
    observer_.messages().set_subscriptions(++count_);
  }
  needed_.notify_all();
  // From here on commits are noted; what was committed before is in this look at the store.
  if (!look(space)) {
    throw RpcError(RpcCode::namespace_not_found,
                   fmt::format("there is no namespace '{}'", name_space));
  }
  bool behind = false;
  {
    const Lock lock(space->mutex);
    made->generation_ = space->generation;
    behind = space->behind();
  }
  if (behind) want(space);
  return made;
}

void PokeHub::leave(Subscription& subscription) {
  std::function<void()> dropped;  // destroyed outside the locks
  const Lock lock(mutex_);
  const SpacePointer space = subscription.space_;
  const Lock inner(space->mutex);
  dropped.swap(subscription.wake_);
  if (space->subscribers.erase(&subscription) > 0) {
    observer_.messages().set_subscriptions(--count_);
  }
  if (!space->subscribers.empty()) return;
  const auto found = spaces_.find(space->name);
  if (found != spaces_.end() && found->second == space) spaces_.erase(found);
}

PokeHub::SpacePointer PokeHub::find(std::string_view name_space) const {
  if (subscribers() == 0) return nullptr;
  const Lock lock(mutex_);
  const auto found = spaces_.find(name_space);
  return found == spaces_.end() ? nullptr : found->second;
}

std::vector<PokeHub::SpacePointer> PokeHub::spaces() const {
  std::vector<SpacePointer> all;
  const Lock lock(mutex_);
  for (const auto& [name, space] : spaces_) all.push_back(space);
  return all;
}

void PokeHub::publish(std::string_view name_space, std::span<const Poke> pokes) {
  const SpacePointer space = find(name_space);
  if (!space || pokes.empty()) return;
  std::vector<std::function<void()>> wakes;
  bool behind = false;
  {
    const Lock lock(space->mutex);
    for (const Poke& poke : pokes) {
      if (!space->behind() && poke.global_position == space->head + 1) {
        space->add(poke, limits_.history);
      }
    }
    space->wanted = std::max(space->wanted, pokes.back().global_position);
    behind = space->behind();
    wakes = space->sleepers();
  }
  for (const auto& wake : wakes) wake();
  if (behind) want(space);
}

void PokeHub::changed(std::string_view name_space) {
  const SpacePointer space = find(name_space);
  if (!space) return;
  static_cast<void>(look(space));
  {
    const Lock lock(space->mutex);
    space->news = true;
  }
  want(space);
}

void PokeHub::want(const SpacePointer& space) {
  {
    const Lock lock(mutex_);
    wanted_.insert(space);
  }
  wanted_changed_.notify_one();
}

// The catcher's thread: reads what was committed and not handed over.
void PokeHub::catch_up_all() {
  const Cancellation::Scope scope(cancellation_);
  while (true) {
    SpacePointer space;
    mutex_.lock();
    while (wanted_.empty() && !stopping_) wanted_changed_.wait(mutex_);
    if (!wanted_.empty()) space = wanted_.extract(wanted_.begin()).value();
    mutex_.unlock();
    if (stopping_) return;
    try {
      bring(*space);
    } catch (const Error& error) {
      if (stopping_) return;
      failed(error.message());
      {
        const Lock lock(space->mutex);
        space->news = true;
        if (space->subscribers.empty()) continue;
      }
      const auto end = SteadyClock::now() + kAfterFailure;
      while (!stopping_ && SteadyClock::now() < end) std::this_thread::sleep_for(kTurn / 10);
      want(space);
    }
  }
}

void PokeHub::bring(Space& space) {
  while (!stopping_) {
    std::int64_t from = 0;
    std::int64_t wanted = 0;
    std::uint64_t generation = 0;
    {
      const Lock lock(space.mutex);
      // Without a head it is the subscriber's look that finds what was written.
      if (!space.behind() || space.head < 0 || space.subscribers.empty()) return;
      space.news = false;
      from = space.head + 1;
      wanted = space.wanted;
      generation = space.generation;
    }
    const std::vector<Poke> found = store_.pokes(space.name, from, kPage);
    std::vector<std::function<void()>> wakes;
    {
      const Lock lock(space.mutex);
      if (space.generation != generation) continue;
      for (const Poke& poke : found) {
        // While the store was asked, some may have been handed over.
        if (poke.global_position > space.head) space.add(poke, limits_.history);
      }
      if (found.size() == kPage) {
        space.news = true;
      } else if (space.wanted == wanted) {
        // What was wanted before the look and is not there was deleted since.
        space.wanted = std::min(space.wanted, space.head);
      }
      if (!found.empty()) wakes = space.sleepers();
    }
    for (const auto& wake : wakes) wake();
  }
}

// The follower's thread: hears of what others write, and looks after tokens.
void PokeHub::follow() {
  const Cancellation::Scope scope(cancellation_);
  bool told = false;
  while (!stopping_) {
    mutex_.lock();
    while (spaces_.empty() && !stopping_) needed_.wait(mutex_);
    mutex_.unlock();
    if (stopping_) return;
    try {
      const std::unique_ptr<storage::MessageNews> news = listen_();
      told = false;
      listen_while_needed(*news);
    } catch (const Error& error) {
      if (stopping_) return;
      if (!std::exchange(told, true)) failed(error.message());
      const auto end = SteadyClock::now() + kAfterFailure;
      while (!stopping_ && SteadyClock::now() < end) std::this_thread::sleep_for(kTurn / 10);
    }
  }
}

void PokeHub::listen_while_needed(storage::MessageNews& news) {
  // Before the listener was there, others may have written.
  std::set<std::string, std::less<>> heard;
  for (const SpacePointer& space : spaces()) heard.insert(space->name);
  check_spaces();
  auto next_check = SteadyClock::now() + kCheck;
  auto needed_at = SteadyClock::now();
  while (!stopping_) {
    for (const std::string& name : heard) {
      const SpacePointer space = find(name);
      if (!space) continue;
      {
        const Lock lock(space->mutex);
        space->news = true;
      }
      want(space);
    }
    const auto now = SteadyClock::now();
    if (subscribers() > 0) needed_at = now;
    if (now - needed_at >= kLinger) return;
    if (now >= next_check) {
      check_spaces();
      next_check = SteadyClock::now() + kCheck;
    }
    heard.clear();
    for (std::string& name : news.next(kTurn)) heard.insert(std::move(name));
    for (const std::string& name : news.changed()) {
      if (const SpacePointer space = find(name)) static_cast<void>(look(space));
    }
  }
}

void PokeHub::check_spaces() {
  for (const SpacePointer& space : spaces()) {
    if (stopping_) return;
    static_cast<void>(look(space));
  }
}

bool PokeHub::look(const SpacePointer& pointer) {
  Space& space = *pointer;
  const Lock in_turn(space.checking);
  std::int64_t before = 0;
  {
    const Lock lock(space.mutex);
    before = space.head;
  }
  const auto figures = store_.namespace_figures(space.name);
  std::vector<std::function<void()>> wakes;
  bool restarted = false;
  {
    const Lock lock(space.mutex);
    restarted = figures && before >= 0 &&
                (figures->history != space.history || figures->created_at != space.created_at);
    const bool other =
        space.gone != !figures || (figures && space.token_hash != figures->token_hash);
    space.gone = !figures;
    if (figures) {
      space.token_hash = figures->token_hash;
      space.history = figures->history;
      space.created_at = figures->created_at;
    }
    if (figures && before < 0) space.head = space.floor = figures->last_global_position;
    if (restarted) space.restart();
    if (restarted || other) wakes = space.sleepers();
  }
  for (const auto& wake : wakes) wake();
  if (restarted) want(pointer);
  return figures.has_value();
}

void PokeHub::failed(std::string_view what) const {
  observer_.emit(metrics::StoreFailed{"pokes", what});
}

PokeHub::Subscription::Subscription(PokeHub& hub, SpacePointer space, std::string token_hash)
    : hub_(hub), space_(std::move(space)), token_hash_(std::move(token_hash)) {}

PokeHub::Subscription::~Subscription() { hub_.leave(*this); }

std::int64_t PokeHub::Subscription::head() const {
  const Lock lock(space_->mutex);
  return space_->head;
}

PokeHub::Subscription::Taken PokeHub::Subscription::take(std::int64_t cursor,
                                                         const PokeFilter& filter,
                                                         std::size_t limit,
                                                         std::function<void()> wake) {
  // Looked at under one lock: the writer waits no longer than for these.
  constexpr std::size_t kAtOnce = 4096;
  Taken taken;
  taken.cursor = cursor;
  const Lock lock(space_->mutex);
  if (space_->gone || (!token_hash_.empty() && space_->token_hash != token_hash_)) {
    taken.ended = true;
    return taken;
  }
  if (std::exchange(generation_, space_->generation) != space_->generation) {
    taken.cursor = 0;
    taken.lagged = true;
    return taken;
  }
  if (cursor < space_->floor) {
    taken.lagged = true;
    return taken;
  }
  auto next = std::ranges::upper_bound(space_->ring, cursor, {}, &Poke::global_position);
  for (std::size_t looked = 0;
       next != space_->ring.end() && looked < kAtOnce && taken.pokes.size() < limit;
       ++next, ++looked) {
    taken.cursor = next->global_position;
    if (filter.matches(*next)) taken.pokes.push_back(*next);
  }
  taken.more = next != space_->ring.end();
  if (taken.pokes.empty() && !taken.more) wake_ = std::move(wake);
  return taken;
}

}  // namespace logctl::messages
