// Group commit of messages: many writers share one transaction, each gets its own answer after it.
//
// Messages wait in a bounded queue whose room is shared fairly between namespaces. One thread takes
// what waits, up to a batch, and writes it in one call; while it writes, the next batch gathers.
// An idle thread goes at once; one that was busy waits a moment for those that it has just
// answered, and is woken once for all of them.
//
// Writes to a namespace that another transaction holds are put aside, in order, and tried again
// beside those to others, which never wait for them. Thread-safe.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/base/fair_share.h"
#include "shared/base/queue.h"
#include "shared/storage/message_store.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace logctl::messages {

// As storage::MessageWrite, but with its own texts.
struct NewMessage {
  std::string name_space;
  std::string stream;
  std::string id;
  std::string type;
  std::string data;
  std::string metadata;
  std::optional<std::int64_t> expected_version;
  bool id_assigned = false;
};

// What became of one message. With a failure it is not known whether it was written; the same id
// may be written again.
struct WriteOutcome {
  storage::WriteResult result;
  std::optional<Error> failure;
};

class MessageWriter {
 public:
  using Done = std::function<void(WriteOutcome&&)>;
  struct Limits {
    std::size_t batch = 512;                           // messages in one transaction
    std::uint64_t queue_bytes = 32 * 1024 * 1024;      // that wait
    microseconds longest_gathering = milliseconds(2);  // for those that were just answered
    microseconds longest_held = seconds(10);           // by another transaction, then fails
  };
  // What is heard of every transaction: on the writer's thread, one after the other.
  struct Listener {
    // The messages of one namespace that were committed, in order; before their writers hear it.
    std::function<void(std::string_view name_space, std::span<const storage::Poke>)> written;
    std::function<void(std::size_t messages, microseconds took)> committed;
    std::function<void(const std::string& message)> failed;
  };

  // What is lent must outlive the writer.
  MessageWriter(storage::MessageStore& store, const Clock& clock, Limits limits, Listener listener);
  ~MessageWriter();  // stops
  MessageWriter(const MessageWriter&) = delete;

  // `done` is called once, on the writer's thread, unless the answer is not ok: then `message` is
  // as it was. Throws Error{validation_error} for names that no store takes
  // (storage/message_names.h).
  [[nodiscard]] Push submit(NewMessage&& message, Done done);
  // Takes no more, writes what waits and ends the thread. What is put aside gets one more try.
  // Idempotent.
  void stop();

  std::size_t waiting() const { return queue_.size() + held_writes_.load(); }
  std::uint64_t waiting_bytes() const { return queue_.cost(); }
  // Transactions begun: stands still while the thread is busy with one.
  std::uint64_t turns() const { return turns_.load(std::memory_order_relaxed); }

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Waiting {
    NewMessage message;
    Done done;
    bool has_room = true;                 // of room_
    std::optional<Instant> give_up = {};  // once it was put aside
  };
  // The writes of one namespace that are put aside. Only those that were tried before are tried
  // again: what came behind them goes on counting against the room.
  struct Held {
    std::deque<Waiting> waiting;
    std::size_t tried = 0;
    std::chrono::steady_clock::duration pause{};
    Instant next_try;
  };

  void run();
  bool gather(std::vector<Waiting>& group);
  std::optional<Instant> take_due(std::vector<Waiting>& group);
  void put_behind_held(std::vector<Waiting>& group, std::size_t from);
  void give_back_room(Waiting& waiting);
  void commit(std::vector<Waiting>& group);
  std::optional<Error> write(std::span<Waiting> group, std::vector<Waiting>& busy);
  void tell(std::span<const Waiting> group, std::span<const storage::WriteResult> results);
  void put_aside(const std::set<std::string>& namespaces, std::vector<Waiting>&& busy);
  static void fail(const Waiting& waiting, const Error& error);

  storage::MessageStore& store_;
  const Clock& clock_;
  const Limits limits_;
  const Listener listener_;
  FairShare room_;
  BoundedQueue<Waiting> queue_;
  std::atomic<std::uint64_t> turns_ = 0;
  std::map<std::string, Held, std::less<>> held_;  // of the thread
  std::atomic<std::size_t> held_writes_ = 0;
  std::atomic<bool> stopping_ = false;
  std::size_t last_group_ = 0;
  std::chrono::steady_clock::duration last_took_{};
  std::thread thread_;
};

}  // namespace logctl::messages
