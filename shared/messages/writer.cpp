#include "shared/messages/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

namespace logctl::messages {
namespace {

using SteadyClock = std::chrono::steady_clock;

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
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void MessageWriter::run() {
  std::vector<Waiting> group;
  while (gather(group)) {
    turns_.fetch_add(1, std::memory_order_relaxed);
    commit(group);
    group.clear();
  }
}

// False when the queue is closed and drained.
bool MessageWriter::gather(std::vector<Waiting>& group) {
  const auto fits = [&](const Waiting& next) {
    if (group.size() == limits_.batch) return false;
    room_.give_back(next.message.name_space, cost_of(next.message));
    return true;
  };
  const bool busy = queue_.size() > 0;
  bool more = queue_.pop_while(group, fits);
  if (!busy) return !group.empty();
  const std::size_t wanted = std::min(last_group_, limits_.batch);
  const auto deadline =
      SteadyClock::now() + std::min<SteadyClock::duration>(limits_.longest_gathering, last_took_);
  while (more && group.size() < wanted) {
    const std::size_t missing = wanted - group.size();
    more = queue_.pop_while(group, fits, BoundedQueue<Waiting>::Wait{deadline, missing});
  }
  return !group.empty();
}

void MessageWriter::commit(std::vector<Waiting>& group) {
  const SteadyClock::time_point start = SteadyClock::now();
  const std::optional<Error> failure = write(group);
  last_took_ = SteadyClock::now() - start;
  last_group_ = group.size();
  if (!failure) return;
  // What the store refuses for good may be one message: the others shall not suffer from it.
  if (info(failure->code()).retryable || group.size() == 1) {
    for (const Waiting& waiting : group) fail(waiting, *failure);
    return;
  }
  for (const Waiting& waiting : group) {
    const std::optional<Error> refused = write({&waiting, 1});
    if (refused) fail(waiting, *refused);
  }
}

// Answers all of them, unless it fails.
std::optional<Error> MessageWriter::write(std::span<const Waiting> group) {
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
  listener_.committed(group.size(),
                      std::chrono::duration_cast<microseconds>(SteadyClock::now() - start));
  tell(group, results);
  for (std::size_t i = 0; i < group.size(); ++i) {
    WriteOutcome outcome;
    outcome.result = results[i];
    group[i].done(std::move(outcome));
  }
  return std::nullopt;
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
