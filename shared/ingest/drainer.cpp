#include "shared/ingest/drainer.h"

#include "shared/base/error.h"
#include "shared/base/jitter.h"
#include "shared/ingest/day_split.h"
#include "shared/ingest/dead_letter.h"
#include "shared/ingest/spooled_batch.h"
#include "shared/ingest/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

namespace logctl::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;
using metrics::Notice;

constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{5000};
constexpr auto kIdleWait = seconds(1);
constexpr int kRestPerWork = 4;

}  // namespace

Drainer::Drainer(spool::Spool& spool, storage::LogStore& store, Backlog& backlog,
                 DeadLetters& letters, metrics::Observer& observer,
                 const config::BatchLimits& limits, std::function<void()> prepare,
                 std::function<void()> refused)
    : spool_(spool),
      store_(store),
      backlog_(backlog),
      letters_(letters),
      observer_(observer),
      limits_(limits),
      prepare_(std::move(prepare)),
      refused_(std::move(refused)),
      backlog_end_(spool.figures().end),
      thread_([this] { run(); }) {}

Drainer::~Drainer() { stop(microseconds(0)); }

void Drainer::stop(microseconds grace) {
  const SteadyTime until = SteadyClock::now() + grace;
  mutex_.lock();
  // Told after every group and every problem.
  while (!stopping_ && state_.problem.empty() && spool_.figures().bytes > 0 &&
         wake_.wait_until(mutex_, until) == std::cv_status::no_timeout) {
  }
  stopping_ = true;
  mutex_.unlock();
  wake_.notify_all();
  spool_.stop();  // ends its wait
  if (thread_.joinable()) thread_.join();
}

void Drainer::hurry() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

Drainer::State Drainer::state() const {
  const Lock lock(mutex_);
  return state_;
}

bool Drainer::stopping() const {
  const Lock lock(mutex_);
  return stopping_;
}

void Drainer::set_problem(std::string problem) {
  {
    const Lock lock(mutex_);
    state_.problem = std::move(problem);
  }
  wake_.notify_all();
}

void Drainer::pause(milliseconds& length, const std::string& problem) {
  const SteadyTime until = SteadyClock::now() + jittered(length);
  observer_.emit(metrics::StoreFailed{"drain", problem});
  backlog_.stalled();
  length = std::min(length * 2, kLongestPause);
  set_problem(problem);
  mutex_.lock();
  while (!stopping_ && wake_.wait_until(mutex_, until) == std::cv_status::no_timeout) {
  }
  mutex_.unlock();
}

void Drainer::run() {
  milliseconds wait = kFirstPause;
  std::uint64_t stuck_at = 0;
  while (!stopping()) {
    try {
      count_backlog();
      begin();
      drain();
    } catch (const std::exception& error) {
      if (store_position_ != stuck_at) wait = kFirstPause;
      stuck_at = store_position_;
      pause(wait, error.what());
    }
  }
}

// Once: how many records wait, and whose they are, is known by reading them.
void Drainer::count_backlog() {
  if (state().counted) return;
  std::map<std::string, std::uint64_t> records;
  spool::Reader reader = spool_.read(spool_.figures().released);
  while (reader.position() < backlog_end_ && !stopping()) {
    const std::optional<spool::Frame> frame = reader.next();
    if (!frame || frame->begin >= backlog_end_) break;
    if (frame->damaged) continue;
    records[std::string(spooled_tenant(frame->payload))] += frame->counts.records;
  }
  for (const auto& [tenant, count] : records) backlog_.add(tenant, count);
  const Lock lock(mutex_);
  state_.counted = true;
}

void Drainer::begin() {
  if (prepare_) {
    prepare_();
    prepare_ = {};
  }
  spool::Position there = store_.position(spool_.source().name);
  const std::optional<spool::Position> unproven = spool_.unproven();
  if ((unproven && there > *unproven) || (begun_ && there > store_position_)) {
    begin_source(there);
    there = 0;
  }
  spool_.prove();
  store_position_ = there;
  begun_ = true;
  const spool::Figures figures = spool_.figures();
  if (there == 0 && figures.source.name != figures.id) {
    // The first that the store hears of it.
    storage::Origin origin;
    origin.source = figures.source.name;
    origin.move = storage::Origin::Move{0, figures.released};
    store_.append({}, origin);
    store_position_ = figures.released;
  }
  if (store_position_ < figures.released) {
    // What lies between is no longer in the spool.
    observer_.emit(Notice{Notice::Severity::error, "store set back",
                          fmt::format("it has the spool up to {}, but had confirmed up to {}",
                                      store_position_, figures.released)});
  }
  catch_up(store_position_);
  set_problem({});
}

// A restored copy of the directory, or one of two that were one: what is in it from `unproven` on
// is not what the store has at these positions, and would be skipped. Under another name it is
// stored, and what the store has already is found to be duplicate.
void Drainer::begin_source(spool::Position there) {
  const spool::Figures figures = spool_.figures();
  std::uint64_t waiting = 0;
  spool::Reader reader = spool_.read(figures.released);
  while (reader.position() < figures.end) {
    const std::optional<spool::Frame> frame = reader.next();
    if (!frame || frame->begin >= figures.end) break;
    waiting += frame->counts.received;
  }
  spool_.begin_source(figures.written.received - waiting);
  observer_.emit(Notice{
      Notice::Severity::error, "spool is not the one that the store knows",
      fmt::format("the store has '{}' up to {}: the directory is an older copy, or another copy is "
                  "in use; all that waits is sent as '{}', and what the store has already will be "
                  "counted as duplicate",
                  figures.source.name, there, spool_.source().name)});
}

void Drainer::catch_up(spool::Position to) {
  spool::Reader reader = spool_.read(spool_.figures().released);
  while (reader.position() < to) {
    const std::optional<spool::Frame> frame = reader.next();
    if (!frame || frame->begin >= to) break;
    if (frame->damaged) continue;
    backlog_.take(spooled_tenant(frame->payload), frame->counts.records);
  }
  spool_.release(to);
}

void Drainer::drain() {
  spool::Reader reader = spool_.read(spool_.figures().released);
  while (!stopping()) {
    group_.clear();
    const bool whole = gather(reader);
    if (group_.empty()) {
      spool_.release(reader.position());  // what was damaged there is set aside
      spool_.await(reader.position(), SteadyClock::now() + kIdleWait);
      continue;
    }
    const SteadyTime start = SteadyClock::now();
    if (!store_group() || !whole) return;
    if (!full()) rest(SteadyClock::now() - start);
  }
}

bool Drainer::full() const {
  return group_.records().size() >= limits_.size || group_.bytes() >= limits_.max_bytes ||
         group_.days() >= kMostDaysPerFrame;
}

// Transactions of a few records cost the store more than the records do: under a steady trickle it
// is left alone for some times as long as it has just worked.
void Drainer::rest(SteadyClock::duration worked) {
  const auto length =
      std::min<SteadyClock::duration>(limits_.flush_interval, kRestPerWork * worked);
  const SteadyTime until = SteadyClock::now() + length;
  mutex_.lock();
  while (!stopping_ && wake_.wait_until(mutex_, until) == std::cv_status::no_timeout) {
  }
  mutex_.unlock();
}

bool Drainer::gather(spool::Reader& reader) {
  while (!full()) {
    const std::optional<spool::Frame> frame = reader.next();
    if (!frame) break;
    try {
      if (!group_.add(*frame, kMostDaysPerFrame)) return false;
    } catch (const Error&) {
      if (group_.empty()) throw;
      return false;
    }
  }
  return true;
}

bool Drainer::store_group() {
  const std::vector<const LogRecord*> records = group_.pointers();
  const Sums sums = group_.counts();
  const std::vector<storage::Count> counts = counts_of(sums);
  storage::Origin origin;
  const std::string source = spool_.source().name;
  origin.source = source;
  origin.counts = counts;
  origin.move = storage::Origin::Move{store_position_, group_.end()};
  origin.before_commit = [this](std::span<const storage::Refusal> refusals) {
    keep_letters(refusals);
  };
  milliseconds wait = kFirstPause;
  refusals_.clear();
  bool kept = false;  // once, however often the store has to be asked
  for (bool again = false; !stopping(); again = true) {
    const SteadyTime start = SteadyClock::now();
    std::string problem;
    try {
      if (!kept) keep_unreadable();
      kept = true;
      const storage::AppendResult result = append(records, origin, again);
      if (result.failure.empty()) {
        observer_.emit(metrics::CommitDone{
            static_cast<std::uint32_t>(group_.entries().size()),
            static_cast<std::uint32_t>(records.size()),
            std::chrono::duration_cast<microseconds>(SteadyClock::now() - start)});
        settle(result);
        return true;
      }
      problem = result.failure;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::conflict) throw;  // run() begins anew
      problem = error.message();
    }
    pause(wait, problem);
  }
  return false;
}

storage::AppendResult Drainer::append(std::span<const LogRecord* const> records,
                                      const storage::Origin& origin, bool again) {
  try {
    return store_.append(records, origin);
  } catch (const Error& error) {
    // The answer to an earlier commit was lost; or somebody else moved the position.
    if (error.code() != ErrorCode::conflict || !again) throw;
    if (store_.position(origin.source) != origin.move->to) throw;
  }
  return unheard_result();
}

// What was refused is known. Which of the others were duplicates only the store's books know: they
// pass for stored in this process's metrics.
storage::AppendResult Drainer::unheard_result() const {
  storage::AppendResult result;
  result.outcomes.assign(group_.records().size(), Outcome::stored);
  for (const auto& [position, words] : refusals_) result.outcomes[position] = Outcome::rejected;
  result.refusals = refusals_;
  return result;
}

void Drainer::keep_letters(std::span<const storage::Refusal> refusals) {
  refusals_.assign(refusals.begin(), refusals.end());
  std::vector<DeadLetter> letters;
  for (const auto& [position, words] : refusals) {
    letters.push_back(refused_letter(group_.records()[position], words, letters_.max_raw_bytes()));
  }
  if (!letters.empty()) letters_.keep(letters);
}

// Before they are counted as rejected.
void Drainer::keep_unreadable() {
  std::vector<DeadLetter> letters;
  for (const DrainGroup::Entry& entry : group_.entries()) {
    // The bytes of a damaged one lie in the spool's `corrupt/`.
    if (entry.problem.empty() || entry.damaged) continue;
    DeadLetter letter;
    letter.at = entry.written_at;
    letter.source = "spool";
    letter.reason = reason_name(Reason::malformed);
    letter.message = entry.problem;
    set_raw(letter, entry.payload, letters_.max_raw_bytes());
    letters.push_back(std::move(letter));
  }
  if (!letters.empty()) letters_.keep(letters);
}

void Drainer::settle(const storage::AppendResult& result) {
  backlog_.drained(group_.end() - store_position_, SteadyClock::now());
  store_position_ = group_.end();
  const std::span<const LogRecord> records = group_.records();
  const std::span<const Outcome> outcomes = result.outcomes;
  auto refusal = result.refusals.begin();
  bool some_refused = !result.refusals.empty();
  for (const DrainGroup::Entry& entry : group_.entries()) {
    if (!entry.problem.empty()) {
      some_refused = true;
      if (!entry.damaged) backlog_.take(spooled_tenant(entry.payload), entry.counts.records);
      continue;
    }
    const std::size_t size = entry.batch.records;
    backlog_.take(entry.batch.tenant, size);
    std::uint32_t stored = 0;
    std::uint32_t duplicates = 0;
    std::vector<Rejection> refused;
    for (; refusal != result.refusals.end() && refusal->first < entry.first + size; ++refusal) {
      refused.push_back(
          {records[refusal->first].index, "", Reason::refused_by_store, refusal->second});
    }
    for (std::size_t i = entry.first; i < entry.first + size; ++i) {
      if (outcomes[i] == Outcome::stored) ++stored;
      if (outcomes[i] == Outcome::duplicate) ++duplicates;
    }
    observer_.emit(metrics::BatchStored{entry.batch.tenant, stored, duplicates, 0, refused,
                                        records.subspan(entry.first, size),
                                        outcomes.subspan(entry.first, size)});
  }
  if (some_refused && refused_) refused_();
  spool_.release(store_position_);
  set_problem({});
}

}  // namespace logctl::ingest
