#include "shared/storage/postgres/appender.h"

#include "shared/base/jitter.h"
#include "shared/storage/books.h"
#include "shared/storage/postgres/accounting.h"
#include "shared/storage/postgres/arrival_notice.h"
#include "shared/storage/postgres/lost_transaction.h"
#include "shared/storage/postgres/rollup_writer.h"
#include "shared/storage/postgres/row_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

namespace logctl::storage::postgres {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A transaction that touches more partitions holds more locks than a server has to give.
constexpr std::size_t kDaysPerTransaction = 64;
// Fewer are not worth a second transaction.
constexpr std::size_t kRowsPerWriter = 2000;
constexpr int kBatchesAfterDuplicates = 16;
constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1000};

std::vector<std::chrono::sys_days> days_of(std::span<Row* const> rows) {
  std::vector<std::chrono::sys_days> days;
  for (const Row* row : rows) {
    const auto day = day_of(row->record->timestamp);
    if (days.empty() || days.back() != day) days.push_back(day);
  }
  return days;
}

std::string failure_text(const Error& error) {
  std::string text = error.message();
  if (!error.hint().empty()) text += "; " + error.hint();
  if (info(error.code()).retryable) text += "; trying again may help";
  return text;
}

}  // namespace

// What goes into one transaction.
struct Appender::Group {
  Origin origin;
  std::size_t writer = 0;
  std::vector<Row*> rows = {};  // in key order, together with all their equals
  std::optional<Error> failure = {};
};

// What one group's attempts know of each other.
struct Appender::Attempt {
  std::string transaction;  // the last one begun
  int backend = 0;          // and the server process it ran in
  bool in_doubt = false;
  bool staged = false;
  bool met_duplicates = false;
};

Appender::Appender(Writers& writers, Partitions& partitions, const Clock& clock, Settings settings)
    : writers_(writers), partitions_(partitions), clock_(clock), settings_(settings) {}

AppendResult Appender::append(std::span<const LogRecord* const> records, const Origin& origin) {
  AppendResult result;
  result.outcomes.assign(records.size(), Outcome::failed);
  if (records.empty() && origin.counts.empty() && !origin.move) {
    result.counted = true;
    return result;
  }
  const Deadline deadline = SteadyClock::now() + settings_.retry_for;
  std::vector<Row> rows(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    rows[i].record = records[i];
    rows[i].position = i;
  }
  std::vector<Group> groups;
  try {
    std::vector<Writers::Lease> writers = take_writers(rows.size(), origin, deadline);
    groups = make_groups(in_key_order(rows), writers.size(), origin);
    store_groups(writers, groups, deadline);
  } catch (const Error& error) {
    if (origin.move) throw;
    result.failure = failure_text(error);
    return result;
  }
  for (const Group& group : groups) {
    if (!group.failure) continue;
    if (origin.move) throw Error(*group.failure);
    result.failure = failure_text(*group.failure);
  }
  result.counted = !groups.front().failure;
  for (Row& row : rows) {
    result.outcomes[row.position] = row.outcome;
    if (row.outcome == Outcome::rejected) {
      result.refusals.emplace_back(row.position, std::move(row.refusal));
    }
  }
  return result;
}

std::vector<Writers::Lease> Appender::take_writers(std::size_t rows, const Origin& origin,
                                                   Deadline deadline) {
  std::vector<Writers::Lease> writers;
  writers.push_back(
      writers_.take(std::chrono::duration_cast<microseconds>(deadline - SteadyClock::now())));
  while (!origin.move && rows / (writers.size() + 1) >= kRowsPerWriter) {
    std::optional<Writers::Lease> another = writers_.try_take();
    if (!another) break;
    writers.push_back(std::move(*another));
  }
  return writers;
}

std::vector<Appender::Group> Appender::make_groups(std::vector<Row*> rows, std::size_t writers,
                                                   const Origin& origin) {
  std::vector<Group> groups = {Group{origin}};
  if (origin.move || (writers == 1 && days_of(rows).size() <= kDaysPerTransaction)) {
    groups.front().rows = std::move(rows);
    return groups;
  }
  // Neighbouring keys stay together: one writer's pages of the index are not another's.
  const std::vector<Row*> leaders = lead(rows);
  const std::size_t share = (leaders.size() + writers - 1) / writers;
  Origin others = origin;
  others.counts = {};
  std::size_t days = 0;
  std::optional<std::chrono::sys_days> last;
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    const auto day = day_of(leaders[i]->record->timestamp);
    if (day != last) ++days;
    last = day;
    const std::size_t writer = i / share;
    if (writer != groups.back().writer || days > kDaysPerTransaction) {
      groups.push_back(Group{others, writer});
      days = 1;
    }
    leaders[i]->group = groups.size() - 1;
    groups.back().rows.push_back(leaders[i]);
  }
  if (leaders.size() == rows.size()) return groups;
  for (Row* row : rows) {
    if (row->leader != row) groups[first_leader(row)->group].rows.push_back(row);
  }
  for (Group& group : groups) {
    std::ranges::sort(group.rows, [](const Row* a, const Row* b) {
      return key_less(a, b) || (!key_less(b, a) && a->position < b->position);
    });
  }
  return groups;
}

void Appender::store_groups(std::vector<Writers::Lease>& writers, std::span<Group> groups,
                            Deadline deadline) {
  const auto work = [&](std::size_t writer) {
    for (Group& group : groups) {
      if (group.writer == writer) store_group(writers[writer], group, deadline);
    }
  };
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < writers.size(); ++i) {
    others.push_back(std::async(std::launch::async, work, i));
  }
  work(0);
  for (std::future<void>& other : others) other.get();
}

void Appender::store_group(Writers::Lease& writer, Group& group, Deadline deadline) {
  Attempt state;
  int expected = expect_duplicates_.load();
  while (expected > 0 && !expect_duplicates_.compare_exchange_weak(expected, expected - 1)) {
  }
  state.staged = expected > 0;
  milliseconds pause = kFirstPause;
  std::optional<Error> problem;
  bool hopeless = false;
  for (bool first = true; !hopeless; first = false) {
    try {
      if (!state.in_doubt || !resolve(writer, group.origin, state)) attempt(writer, group, state);
      if (state.met_duplicates) expect_duplicates_ = kBatchesAfterDuplicates;
      return;
    } catch (const ServerError& error) {
      if (error.fault() == Fault::no_partition) partitions_.forget();
      hopeless = !may_retry(error.fault());
      problem =
          Error(hopeless ? error.code() : ErrorCode::unavailable, error.message(), error.hint());
    } catch (const CommitInDoubt&) {
      problem = Error(ErrorCode::unavailable, "the connection was lost during a commit");
      state.in_doubt = true;
    } catch (const Error& error) {
      problem = error;
      hopeless = true;
    } catch (...) {
      writer.drop();
      throw;
    }
    // Nobody knows what that connection is in the middle of.
    writer.drop();
    if (SteadyClock::now() >= deadline) break;
    // An idle connection that turns out dead deserves a new one at once.
    if (first) continue;
    std::this_thread::sleep_until(std::min(SteadyClock::now() + jittered(pause), deadline));
    pause = std::min(pause * 2, kLongestPause);
  }
  group.failure = problem;
  if (state.in_doubt) {
    group.failure = Error(problem->code(),
                          problem->message() + "; whether the records were stored is not known",
                          problem->hint());
  }
  for (Row* row : group.rows) row->outcome = Outcome::failed;
}

void Appender::attempt(Writers::Lease& writer, const Group& group, Attempt& state) {
  state.in_doubt = false;
  Connection& connection = writer.connection();
  if (!state.transaction.empty()) {
    // Whether or not it heard that we are gone, the last attempt must not hold keys that we need.
    end_transaction(connection, std::exchange(state.transaction, {}), state.backend);
  }
  partitions_.ensure(connection, days_of(group.rows));
  AppendTransaction transaction(connection, writer.encoder());
  transaction.begin();
  state.transaction = transaction.id();
  state.backend = connection.backend_pid();
  if (group.origin.move) transaction.move(group.origin.source, *group.origin.move);
  store_rounds(transaction, group.rows, state);
  if (group.origin.before_commit) tell_refusals(group);
  Books books;
  for (const Count& count : group.origin.counts) books.add(count);
  for (const Row* row : group.rows) books.add(stored_tenant(*row->record), row->outcome);
  transaction.commit(group.origin.source, writer.slot(), books.counts(),
                     add_to_rollups(connection, group.rows, clock_.now()) +
                         announce(connection, group.origin.source, group.rows));
}

void Appender::tell_refusals(const Group& group) {
  std::vector<Refusal> refusals;
  for (const Row* row : group.rows) {
    if (row->outcome == Outcome::rejected) refusals.emplace_back(row->position, row->refusal);
  }
  std::ranges::sort(refusals);
  if (!refusals.empty()) group.origin.before_commit(refusals);
}

void Appender::store_rounds(AppendTransaction& transaction, std::vector<Row*> rows,
                            Attempt& state) {
  const Timestamp now = clock_.now();
  while (!rows.empty()) {
    transaction.store(lead(rows), {now, now - settings_.dedup_window}, state.staged);
    state.met_duplicates = transaction.met_duplicates();
    // Should the commit be lost, the next attempt finds its duplicates at once.
    state.staged = state.staged || state.met_duplicates;
    // A follower of a record that was refused may be good itself: it gets its own try. What is left
    // shrinks, because every round has a leader.
    std::erase_if(rows, [](Row* row) {
      const Row* leader = first_leader(row);
      if (leader == row) return true;
      if (leader->outcome == Outcome::rejected) return false;
      row->outcome = Outcome::duplicate;
      return true;
    });
  }
}

bool Appender::resolve(Writers::Lease& writer, const Origin& origin, const Attempt& state) {
  constexpr std::string_view kWhat = "ask about a commit in doubt";
  Connection& connection = writer.connection();
  // A commit that is still on its way is either finished or ended by this.
  end_transaction(connection, state.transaction, state.backend);
  std::string fate = "unknown";
  try {
    fate = connection
               .execute(kWhat, fmt::format("SELECT coalesce(pg_xact_status('{}'::xid8), 'unknown')",
                                           state.transaction))
               .value(0, 0);
  } catch (const ServerError& error) {
    // A server that took over may never have heard of that transaction.
    if (error.fault() != Fault::data) throw;
  }
  if (fate == "in progress") throw ServerError(kWhat, "55P03", "the server is still at it");
  // The position was moved by that transaction and by no other.
  if (origin.move && origin.move->from != origin.move->to) {
    return read_position(connection, origin.source) == origin.move->to;
  }
  return fate == "committed";
}

}  // namespace logctl::storage::postgres
