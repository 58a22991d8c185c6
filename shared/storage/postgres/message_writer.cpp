#include "shared/storage/postgres/message_writer.h"

#include "shared/base/jitter.h"
#include "shared/storage/message_import.h"
#include "shared/storage/message_names.h"
#include "shared/storage/message_plan.h"
#include "shared/storage/postgres/lost_transaction.h"
#include "shared/storage/postgres/message_spaces.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>

namespace logctl::storage::postgres {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kFirstPause{20};
constexpr milliseconds kLongestPause{1000};
// Planned once: which index serves a statement follows from its words (message_transaction.cpp) as
// long as sorting and reading whole tables are out of the question, not from how large the tables
// were at that time.
constexpr const char* kSession =
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; "
    "SET enable_bitmapscan = off; SET enable_sort = off; SET enable_hashjoin = off; "
    "SET enable_mergejoin = off; SET jit = off";
// A live write to one namespace waits so long for its lock, and all other writes with it.
constexpr const char* kLiveSession = "; SET lock_timeout = '20ms'";
constexpr std::string_view kLockTimeout = "55P03";

std::int64_t nanoseconds_of(MessageTime time) { return time.time_since_epoch().count(); }

// Whether the messages come behind all of the namespace's, and behind those of their streams.
bool is_behind(const LockedNamespace& space, std::span<const Message> messages) {
  return std::ranges::all_of(messages, [&](const Message& message) {
    if (message.global_position <= space.state.last_global_position) return false;
    const auto version = space.state.versions.find(message.stream);
    return version == space.state.versions.end() || message.position > version->second;
  });
}

}  // namespace

// What the attempts at one call know of each other.
struct MessageWriter::Attempt {
  bool again = false;        // there was an earlier one
  bool in_doubt = false;     // and it was about to commit
  std::int64_t changed = 0;  // how many messages that one stored or removed
  std::string transaction;   // the last one that got its locks
  int backend = 0;           // and the server process it ran in
};

MessageWriter::MessageWriter(const Settings& settings)
    : settings_(settings),
      live_([&] {
        Writers::Settings live = settings.writers;
        live.session = fmt::format("{}{}", kSession, kLiveSession);
        return live;
      }()),
      bulk_([&] {
        Writers::Settings bulk = settings.writers;
        bulk.most = settings.most_bulk;
        bulk.session = kSession;
        return bulk;
      }()) {}

template <typename Work>
auto MessageWriter::until_done(Writers& writers, Work work) {
  const auto deadline = SteadyClock::now() + settings_.retry_for;
  Writers::Lease writer = writers.take(settings_.retry_for);
  Attempt attempt;
  milliseconds pause = kFirstPause;
  for (bool first = true;; first = false) {
    try {
      Connection& connection = writer.connection();
      if (!attempt.transaction.empty()) {
        end_transaction(connection, std::exchange(attempt.transaction, {}), attempt.backend);
      }
      return work(writer, attempt);
    } catch (const ServerError& error) {
      // Nobody knows what that connection is in the middle of.
      writer.drop();
      if (!may_retry(error.fault())) throw;
      // Also an id that is taken: the next attempt looks for all of them.
      if (SteadyClock::now() >= deadline) {
        throw Error(error.code(),
                    error.message() + "; whether the messages were stored is not known",
                    error.hint());
      }
    } catch (const Error&) {
      writer.drop();
      throw;
    }
    attempt.again = true;
    // An idle connection that turns out dead deserves a new one at once.
    if (first) continue;
    std::this_thread::sleep_until(std::min(SteadyClock::now() + jittered(pause), deadline));
    pause = std::min(pause * 2, kLongestPause);
  }
}

std::vector<WriteResult> MessageWriter::write(std::span<const MessageWrite> writes,
                                              MessageTime now) {
  require_names(writes);
  if (writes.empty()) return {};
  return until_done(live_, [&](Writers::Lease& writer, Attempt& attempt) {
    return try_write(writer, writes, now, attempt);
  });
}

std::vector<WriteResult> MessageWriter::try_write(Writers::Lease& writer,
                                                  std::span<const MessageWrite> writes,
                                                  MessageTime now, Attempt& attempt) {
  std::vector<WriteResult> results(writes.size(), {.kind = WriteResult::Kind::unknown_namespace});
  MessageQuestion question;
  std::map<std::string_view, std::vector<const MessageWrite*>> groups;
  for (const MessageWrite& write : writes) {
    question.namespaces.insert(write.name_space);
    question.streams.emplace(write.name_space, write.stream);
    if (!write.id_assigned || attempt.in_doubt) question.ids.emplace(write.name_space, write.id);
    groups[write.name_space].push_back(&write);
  }
  Connection& connection = writer.connection();
  MessageTransaction transaction(connection, writer.known());
  // Who is alone waits a moment in the queue for the lock. What an earlier attempt has done has to
  // be found out.
  const bool waits = groups.size() == 1 || attempt.in_doubt;
  try {
    transaction.begin(
        question, waits ? MessageTransaction::Held::wait_for : MessageTransaction::Held::pass_over);
  } catch (const ServerError& error) {
    if (error.sqlstate() != kLockTimeout || attempt.in_doubt) throw;
    transaction.roll_back();
    for (WriteResult& result : results) result.kind = WriteResult::Kind::busy;
    return results;
  }
  attempt.transaction = transaction.id();
  attempt.backend = connection.backend_pid();

  bool stored = false;
  std::vector<MessagePlan> plans;
  plans.reserve(groups.size());
  for (const auto& [name, group] : groups) {
    LockedNamespace* space = transaction.find(name);
    if (space == nullptr) {
      if (!transaction.is_held(name)) continue;
      for (const MessageWrite* write : group) {
        results[static_cast<std::size_t>(write - writes.data())].kind = WriteResult::Kind::busy;
      }
      continue;
    }
    const MessagePlan& plan = plans.emplace_back(plan_writes(group, space->state));
    std::vector<PlacedMessage> messages;
    for (const PlannedMessage& planned : plan.messages) {
      const MessageWrite& write = *planned.write;
      messages.push_back({write.id, write.stream, write.type, write.data, write.metadata,
                          planned.position, planned.global_position, nanoseconds_of(now)});
    }
    transaction.store(*space, messages);
    stored = stored || !messages.empty();
    for (std::size_t i = 0; i < group.size(); ++i) {
      WriteResult& result = results[static_cast<std::size_t>(group[i] - writes.data())];
      result = plan.results[i];
      // What an earlier attempt has stored after all.
      if (group[i]->id_assigned && result.kind == WriteResult::Kind::repeated) {
        result.kind = WriteResult::Kind::written;
      }
    }
  }
  attempt.in_doubt = attempt.in_doubt || stored;
  stored ? transaction.commit() : transaction.roll_back();
  return results;
}

std::size_t MessageWriter::import(std::string_view name_space, std::span<const Message> messages,
                                  bool skip_same) {
  require_names(messages);
  return until_done(bulk_, [&](Writers::Lease& writer, Attempt& attempt) {
    return try_import(writer, name_space, messages, skip_same, attempt);
  });
}

std::size_t MessageWriter::try_import(Writers::Lease& writer, std::string_view name_space,
                                      std::span<const Message> messages, bool skip_same,
                                      Attempt& attempt) {
  MessageQuestion question;
  question.namespaces.insert(name_space);
  for (const Message& message : messages) question.streams.emplace(name_space, message.stream);
  Connection& connection = writer.connection();
  MessageTransaction transaction(connection, writer.known());
  transaction.begin(question, MessageTransaction::Held::wait_for);
  attempt.transaction = transaction.id();
  attempt.backend = connection.backend_pid();
  LockedNamespace* space = transaction.find(name_space);
  if (space == nullptr) {
    // One that was cleared while this waited has another row now.
    if (transaction.is_held(name_space)) throw ServerError("import messages", kLockTimeout, "held");
    throw no_such_namespace(name_space);
  }
  // Behind everything that is there, only an id can be taken, and then the server says so.
  if (attempt.again || !is_behind(*space, messages)) {
    MessageQuestion taken;
    taken.namespaces.insert(name_space);
    for (const Message& message : messages) {
      taken.ids.emplace(name_space, message.id);
      taken.places.push_back({message.stream, message.position, message.global_position});
    }
    transaction.look_up(taken);
  }

  std::map<std::int64_t, PlacedMessage> added;  // by global position
  std::map<std::string_view, const Message*> ids;
  std::set<std::pair<std::string_view, std::int64_t>> positions;
  for (const Message& message : messages) {
    const Message* there = nullptr;
    if (const auto found = space->state.known.find(message.id); found != space->state.known.end()) {
      there = &found->second;
    } else if (const auto before = ids.find(message.id); before != ids.end()) {
      there = before->second;
    }
    if (there != nullptr) {
      // What an earlier attempt has stored after all was not there before the call.
      if ((skip_same || attempt.in_doubt) && same_message(*there, message)) continue;
      throw id_taken(message);
    }
    if (!positions.emplace(message.stream, message.position).second ||
        space->taken_positions.contains({std::string(message.stream), message.position})) {
      throw position_taken(message);
    }
    const PlacedMessage placed = {message.id,
                                  message.stream,
                                  message.type,
                                  message.data,
                                  message.metadata,
                                  message.position,
                                  message.global_position,
                                  nanoseconds_of(message.time)};
    if (!added.emplace(message.global_position, placed).second ||
        space->taken_global_positions.contains(message.global_position)) {
      throw global_position_taken(message);
    }
    ids.emplace(message.id, &message);
  }
  if (added.empty()) {
    transaction.roll_back();
    return static_cast<std::size_t>(attempt.changed);
  }
  std::vector<PlacedMessage> ordered;
  for (const auto& [position, message] : added) ordered.push_back(message);
  attempt.in_doubt = true;
  attempt.changed = static_cast<std::int64_t>(ordered.size());
  transaction.store(*space, ordered);
  transaction.commit();
  return ordered.size();
}

std::optional<std::int64_t> MessageWriter::clear(std::string_view name_space) {
  return until_done(bulk_, [&](Writers::Lease& writer, Attempt& attempt) {
    return try_take_away(writer, name_space, true, attempt);
  });
}

std::optional<std::int64_t> MessageWriter::remove(std::string_view name_space) {
  return until_done(bulk_, [&](Writers::Lease& writer, Attempt& attempt) {
    return try_take_away(writer, name_space, false, attempt);
  });
}

std::optional<std::int64_t> MessageWriter::try_take_away(Writers::Lease& writer,
                                                         std::string_view name_space,
                                                         bool successor, Attempt& attempt) {
  Connection& connection = writer.connection();
  const auto found = lock_namespace(connection, name_space);
  if (!found) {
    // An earlier attempt has removed it after all.
    return attempt.in_doubt ? std::optional(attempt.changed) : std::nullopt;
  }
  attempt.transaction = found->transaction;
  attempt.backend = connection.backend_pid();
  attempt.changed = std::max(attempt.changed, found->messages);
  attempt.in_doubt = true;
  take_away(connection, *found, successor);
  return attempt.changed;
}

bool MessageWriter::sweep(std::int64_t rows) {
  std::optional<Writers::Lease> writer = bulk_.try_take();
  if (!writer) return true;
  try {
    return sweep_messages(writer->connection(), rows);
  } catch (const Error&) {
    writer->drop();
    throw;
  }
}

}  // namespace logctl::storage::postgres
