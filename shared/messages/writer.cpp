#include "shared/messages/writer.h"

#include "shared/storage/message_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace logctl::messages {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Between two tries at a namespace that another transaction holds.
constexpr milliseconds kFirstPause{5};
constexpr milliseconds kLongestPause{200};

std::uint64_t cost_of(const NewMessage& message) {
  constexpr std::uint64_t kEach = 256;
  return kEach + message.name_space.size() + message.stream.size() + message.type.size() +
         message.data.size() + message.metadata.size();
}

storage::MessageWrite view_of(const NewMessage& message) {
  storage::MessageWrite write;
  write.name_space = message.name_space;
  write.stream = message.stream;
  write.id = message.id;
  write.type = message.type;
  write.data = message.data;
  write.metadata = message.metadata;
  write.expected_version = message.expected_version;
  write.id_assigned = message.id_assigned;
  return write;
}

Error held_by_another(std::string_view name_space) {
  return Error(ErrorCode::overloaded,
               fmt::format("another transaction holds the namespace '{}'", name_space),
               "nothing was written; try again");
}

}  // namespace

MessageWriter::MessageWriter(storage::MessageStore& store, const Clock& clock, Limits limits,
                             Listener listener)
    : store_(store),
      clock_(clock),
      limits_(limits),
      listener_(std::move(listener)),
      room_(limits.queue_bytes),
      queue_(limits.queue_bytes),
      thread_([this] { run(); }) {}

MessageWriter::~MessageWriter() { stop(); }

Push MessageWriter::submit(NewMessage&& message, Done done) {
  storage::require_names(message.stream, message.type);
  const std::uint64_t cost = cost_of(message);
  const std::string owner = message.name_space;
  if (!room_.take(owner, cost)) return Push::full;
  Waiting waiting{std::move(message), std::move(done)};
  const Push answer = queue_.push(std::move(waiting), cost);
  if (answer != Push::ok) {
    room_.give_back(owner, cost);
    message = std::move(waiting.message);
  }
  return answer;
}

void MessageWriter::stop() {
  stopping_ = true;
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void MessageWriter::run() {
  std::vector<Waiting> group;
  while (gather(group)) {
    if (group.empty()) continue;
    turns_.fetch_add(1, std::memory_order_relaxed);
    commit(group);
    group.clear();
  }
}

// False when the queue is closed and drained, and nothing is put aside. The group may be empty.
bool MessageWriter::gather(std::vector<Waiting>& group) {
  const std::optional<Instant> next_try = take_due(group);
  const std::size_t due = group.size();
  const auto fits = [&](Waiting& next) {
    if (group.size() >= limits_.batch) return false;
    if (!held_.contains(next.message.name_space)) give_back_room(next);
    return true;
  };
  using Wait = BoundedQueue<Waiting>::Wait;
  std::optional<Wait> wait;
  if (due > 0) {
    wait = Wait{SteadyClock::now(), 1};
  } else if (next_try) {
    wait = Wait{*next_try, 1};
  }
  const bool busy = queue_.size() > 0;
  bool more = queue_.pop_while(group, fits, wait);
  if (busy) {
    const std::size_t wanted = std::min(last_group_, limits_.batch);
    const auto deadline =
        SteadyClock::now() + std::min<SteadyClock::duration>(limits_.longest_gathering, last_took_);
    while (more && group.size() < wanted) {
      const std::size_t missing = wanted - group.size();
      more = queue_.pop_while(group, fits, Wait{deadline, missing});
    }
  }
  const bool ended = group.empty() && held_.empty() && !wait;
  put_behind_held(group, due);
  return !ended;
}

// Moves what may be tried again into the group; when the next may be.
std::optional<MessageWriter::Instant> MessageWriter::take_due(std::vector<Waiting>& group) {
  std::optional<Instant> next;
  const Instant now = SteadyClock::now();
  for (auto& [name, held] : held_) {
    if (held.next_try > now && !stopping_) {
      next = next ? std::min(*next, held.next_try) : held.next_try;
      continue;
    }
    std::size_t count = held.tried > 0 ? held.tried : std::min(held.waiting.size(), limits_.batch);
    if (!group.empty() && group.size() + count > limits_.batch) continue;
    held_writes_ -= count;
    for (; count > 0; --count) {
      give_back_room(held.waiting.front());
      group.push_back(std::move(held.waiting.front()));
      held.waiting.pop_front();
    }
  }
  return next;
}

// What belongs to a namespace whose writes are put aside comes behind those.
void MessageWriter::put_behind_held(std::vector<Waiting>& group, std::size_t from) {
  if (held_.empty()) return;
  const auto begin = group.begin() + static_cast<std::ptrdiff_t>(from);
  const auto moved = std::stable_partition(begin, group.end(), [&](const Waiting& waiting) {
    return !held_.contains(waiting.message.name_space);
  });
  const Instant give_up = SteadyClock::now() + limits_.longest_held;
  for (auto at = moved; at != group.end(); ++at) {
    at->give_up = give_up;
    held_.find(at->message.name_space)->second.waiting.push_back(std::move(*at));
    ++held_writes_;
  }
  group.erase(moved, group.end());
}

void MessageWriter::give_back_room(Waiting& waiting) {
  if (!std::exchange(waiting.has_room, false)) return;
  room_.give_back(waiting.message.name_space, cost_of(waiting.message));
}

void MessageWriter::commit(std::vector<Waiting>& group) {
  const SteadyClock::time_point start = SteadyClock::now();
  std::set<std::string> namespaces;
  for (const Waiting& waiting : group) namespaces.insert(waiting.message.name_space);
  std::vector<Waiting> busy;
  const std::optional<Error> failure = write(group, busy);
  last_took_ = SteadyClock::now() - start;
  last_group_ = group.size();
  if (failure) {
    // What the store refuses for good may be one message: the others shall not suffer from it.
    const bool all = info(failure->code()).retryable || group.size() == 1;
    for (Waiting& waiting : group) {
      const std::optional<Error> refused = all ? failure : write({&waiting, 1}, busy);
      if (refused) fail(waiting, *refused);
    }
  }
  put_aside(namespaces, std::move(busy));
}

// Answers all of them but those that are to be tried again, unless it fails.
std::optional<Error> MessageWriter::write(std::span<Waiting> group, std::vector<Waiting>& busy) {
  std::vector<storage::MessageWrite> writes;
  writes.reserve(group.size());
  for (const Waiting& waiting : group) writes.push_back(view_of(waiting.message));

  const SteadyClock::time_point start = SteadyClock::now();
  std::vector<storage::WriteResult> results;
  try {
    results = store_.write(writes, storage::MessageTime(clock_.now()));
    if (results.size() != group.size()) {
      throw Error(ErrorCode::internal, fmt::format("the store answered for {} of {} messages",
                                                   results.size(), group.size()));
    }
  } catch (const Error& error) {
    listener_.failed(error.message());
    return error;
  } catch (const std::exception& error) {
    listener_.failed(error.what());
    return Error(ErrorCode::internal, error.what());
  }
  using Kind = storage::WriteResult::Kind;
  const auto done = static_cast<std::size_t>(std::ranges::count_if(
      results, [](const storage::WriteResult& result) { return result.kind != Kind::busy; }));
  if (done > 0) {
    listener_.committed(done, std::chrono::duration_cast<microseconds>(SteadyClock::now() - start));
  }
  tell(group, results);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (results[i].kind == Kind::busy) {
      busy.push_back(std::move(group[i]));
      continue;
    }
    WriteOutcome outcome;
    outcome.result = results[i];
    group[i].done(std::move(outcome));
  }
  return std::nullopt;
}

// `namespaces`: those that were tried. What came behind writes that are done now may go at once.
void MessageWriter::put_aside(const std::set<std::string>& namespaces,
                              std::vector<Waiting>&& busy) {
  const Instant now = SteadyClock::now();
  std::map<std::string_view, std::vector<Waiting>> again;
  for (Waiting& waiting : busy) {
    if (!waiting.give_up) waiting.give_up = now + limits_.longest_held;
    if (stopping_ || now >= *waiting.give_up) {
      fail(waiting, held_by_another(waiting.message.name_space));
    } else {
      const auto name = namespaces.find(waiting.message.name_space);
      again[*name].push_back(std::move(waiting));
    }
  }
  for (const std::string& name : namespaces) {
    const auto tried = again.find(name);
    if (tried == again.end()) {
      const auto held = held_.find(name);
      if (held == held_.end()) continue;
      if (held->second.waiting.empty()) {
        held_.erase(held);
      } else {
        held->second.tried = 0;
        held->second.pause = {};
        held->second.next_try = now;
      }
      continue;
    }
    Held& held = held_[name];
    held.tried = tried->second.size();
    held.pause = std::clamp<SteadyClock::duration>(held.pause * 2, kFirstPause, kLongestPause);
    held.next_try = now + held.pause;
    held_writes_ += held.tried;
    held.waiting.insert(held.waiting.begin(), std::make_move_iterator(tried->second.begin()),
                        std::make_move_iterator(tried->second.end()));
  }
}

void MessageWriter::fail(const Waiting& waiting, const Error& error) {
  WriteOutcome outcome;
  outcome.failure = error;
  waiting.done(std::move(outcome));
}

void MessageWriter::tell(std::span<const Waiting> group,
                         std::span<const storage::WriteResult> results) {
  std::map<std::string_view, std::vector<storage::Poke>> written;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (results[i].kind != storage::WriteResult::Kind::written) continue;
    const NewMessage& message = group[i].message;
    written[message.name_space].push_back(
        {message.stream, results[i].position, results[i].global_position});
  }
  for (const auto& [name_space, pokes] : written) listener_.written(name_space, pokes);
}

}  // namespace logctl::messages
