#include "shared/storage/postgres/message_writer.h"

#include "shared/base/jitter.h"
#include "shared/storage/message_import.h"
#include "shared/storage/message_plan.h"
#include "shared/storage/postgres/lost_transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <thread>
#include <utility>

namespace logctl::storage::postgres {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kFirstPause{20};
constexpr milliseconds kLongestPause{1000};
// Longer names do not fit into an index of the server.
constexpr std::size_t kMostNameBytes = 2048;
// Every look-up is by keys, and planned each time: a plan from when the tables were small would go
// through all of them when they are not any more.
constexpr const char* kSession =
    "SET plan_cache_mode = force_custom_plan; SET enable_seqscan = off; "
    "SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

void require_storable(std::string_view what, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::validation_error,
                fmt::format("the {} of a message holds a NUL character, which this store cannot "
                            "keep",
                            what));
  }
}

void require_storable(std::string_view stream, std::string_view type,
                      std::string_view /*unused*/ id) {
  require_storable("stream", stream);
  require_storable("type", type);
  if (stream.size() <= kMostNameBytes) return;
  throw Error(ErrorCode::validation_error,
              fmt::format("message '{}': the name of its stream has {} bytes, at most {} are "
                          "allowed",
                          id, stream.size(), kMostNameBytes));
}

std::int64_t nanoseconds_of(MessageTime time) { return time.time_since_epoch().count(); }

std::int64_t to_integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

// What the attempts at one call know of each other.
struct MessageWriter::Attempt {
  bool in_doubt = false;     // an earlier one was about to commit
  std::int64_t changed = 0;  // how many messages that one stored or removed
  std::string transaction;   // the last one that got its locks
  int backend = 0;           // and the server process it ran in
};

MessageWriter::MessageWriter(const Settings& settings)
    : settings_(settings), writers_([&] {
        Writers::Settings writers = settings.writers;
        writers.session = kSession;
        return writers;
      }()) {}

template <typename Work>
auto MessageWriter::until_done(Work work) {
  const auto deadline = SteadyClock::now() + settings_.retry_for;
  Writers::Lease writer = writers_.take(settings_.retry_for);
  Attempt attempt;
  milliseconds pause = kFirstPause;
  for (bool first = true;; first = false) {
    try {
      Connection& connection = writer.connection();
      if (!attempt.transaction.empty()) {
        end_transaction(connection, std::exchange(attempt.transaction, {}), attempt.backend);
      }
      return work(connection, attempt);
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
    // An idle connection that turns out dead deserves a new one at once.
    if (first) continue;
    std::this_thread::sleep_until(std::min(SteadyClock::now() + jittered(pause), deadline));
    pause = std::min(pause * 2, kLongestPause);
  }
}

std::vector<WriteResult> MessageWriter::write(std::span<const MessageWrite> writes,
                                              MessageTime now) {
  for (const MessageWrite& write : writes) require_storable(write.stream, write.type, write.id);
  if (writes.empty()) return {};
  return until_done([&](Connection& connection, Attempt& attempt) {
    return try_write(connection, writes, now, attempt);
  });
}

std::vector<WriteResult> MessageWriter::try_write(Connection& connection,
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
  MessageTransaction transaction(connection);
  transaction.begin(question);
  attempt.transaction = transaction.id();
  attempt.backend = connection.backend_pid();

  bool stored = false;
  std::vector<MessagePlan> plans;
  plans.reserve(groups.size());
  for (const auto& [name, group] : groups) {
    LockedNamespace* space = transaction.find(name);
    if (space == nullptr) continue;
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
  for (const Message& message : messages) {
    require_storable(message.stream, message.type, message.id);
  }
  return until_done([&](Connection& connection, Attempt& attempt) {
    return try_import(connection, name_space, messages, skip_same, attempt);
  });
}

std::size_t MessageWriter::try_import(Connection& connection, std::string_view name_space,
                                      std::span<const Message> messages, bool skip_same,
                                      Attempt& attempt) {
  MessageQuestion question;
  question.namespaces.insert(name_space);
  for (const Message& message : messages) {
    question.streams.emplace(name_space, message.stream);
    question.ids.emplace(name_space, message.id);
    question.places.push_back({message.stream, message.position, message.global_position});
  }
  MessageTransaction transaction(connection);
  transaction.begin(question);
  attempt.transaction = transaction.id();
  attempt.backend = connection.backend_pid();
  LockedNamespace* space = transaction.find(name_space);
  if (space == nullptr) throw no_such_namespace(name_space);

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
  return until_done([&](Connection& connection, Attempt& attempt) {
    return try_empty(connection, name_space,
                     "UPDATE message_namespaces SET last_global_position = 0, messages = 0, "
                     "streams = 0, categories = 0, last_activity = NULL",
                     attempt);
  });
}

std::optional<std::int64_t> MessageWriter::remove(std::string_view name_space) {
  return until_done([&](Connection& connection, Attempt& attempt) {
    return try_empty(connection, name_space, "DELETE FROM message_namespaces", attempt);
  });
}

std::optional<std::int64_t> MessageWriter::try_empty(Connection& connection,
                                                     std::string_view name_space,
                                                     std::string_view then, Attempt& attempt) {
  constexpr std::string_view kWhat = "remove messages";
  require_storable("namespace", name_space);
  connection.execute(kWhat, "BEGIN ISOLATION LEVEL READ COMMITTED");
  const Result locked = connection.execute(
      kWhat, fmt::format("SELECT ns, pg_current_xact_id()::text FROM message_namespaces WHERE "
                         "id = {} FOR UPDATE",
                         connection.quote(name_space)));
  if (locked.rows() == 0) {
    connection.execute(kWhat, "ROLLBACK");
    // An earlier attempt has removed it after all.
    return attempt.in_doubt ? std::optional(attempt.changed) : std::nullopt;
  }
  const std::string ns(locked.value(0, 0));
  attempt.transaction = locked.value(0, 1);
  attempt.backend = connection.backend_pid();
  const Result removed =
      connection.execute(kWhat, fmt::format("DELETE FROM message_streams WHERE ns = {0}; "
                                            "DELETE FROM message_categories WHERE ns = {0}; "
                                            "DELETE FROM stored_messages WHERE ns = {0}",
                                            ns));
  const std::string_view command = removed.command();  // DELETE 5
  const std::int64_t messages = to_integer(command.substr(command.rfind(' ') + 1));
  if (!attempt.in_doubt) attempt.changed = messages;
  attempt.in_doubt = true;
  connection.execute(kWhat, fmt::format("{} WHERE ns = {}; COMMIT", then, ns));
  return std::max(messages, attempt.changed);
}

}  // namespace logctl::storage::postgres
