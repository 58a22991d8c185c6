#include "shared/ingest/committer.h"

#include "shared/base/error.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace logctl::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;

// One batch's share of an append: its outcomes start at `first`.
struct Settled {
  Receipt receipt;
  std::vector<Outcome> outcomes;
  std::vector<Rejection> refused;
  std::uint32_t failed = 0;
};

// The refusals are sorted by position.
std::string refusal_text(const storage::AppendResult& result, std::size_t position) {
  const auto found = std::ranges::lower_bound(result.refusals, position, {},
                                              &std::pair<std::size_t, std::string>::first);
  if (found != result.refusals.end() && found->first == position) return found->second;
  return "the store refused this record";
}

Settled settle(Batch& batch, const storage::AppendResult& result, std::size_t first) {
  Settled settled;
  Receipt& receipt = settled.receipt;
  receipt.received = batch.received;
  settled.outcomes.reserve(batch.records.size());
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    // Nothing may be claimed for a record that the store said nothing about.
    const Outcome outcome =
        first + i < result.outcomes.size() ? result.outcomes[first + i] : Outcome::failed;
    settled.outcomes.push_back(outcome);
    switch (outcome) {
      case Outcome::stored:
        ++receipt.stored;
        break;
      case Outcome::duplicate:
        ++receipt.duplicates;
        break;
      case Outcome::rejected:
        settled.refused.push_back({batch.records[i].index, "", Reason::refused_by_store,
                                   refusal_text(result, first + i)});
        break;
      case Outcome::failed:
        ++settled.failed;
        break;
    }
  }
  receipt.rejections = std::move(batch.rejections);
  receipt.rejections.insert(receipt.rejections.end(), settled.refused.begin(),
                            settled.refused.end());
  std::ranges::stable_sort(receipt.rejections, {}, &Rejection::index);
  if (settled.failed > 0) {
    receipt.failed = true;
    receipt.failure = result.failure;
  }
  return settled;
}

}  // namespace

Committer::Committer(storage::LogStore& store, metrics::Observer& observer,
                     const config::BatchLimits& limits, std::string source, DeadLetters& letters)
    : store_(store),
      observer_(observer),
      source_(std::move(source)),
      letters_(letters),
      queue_(limits) {
  const std::uint32_t writers = std::max(1U, limits.writers);
  writers_.reserve(writers);
  for (std::uint32_t i = 0; i < writers; ++i) writers_.emplace_back([this] { run(); });
}

Committer::~Committer() { stop(); }

Push Committer::submit(Batch&& batch, Done done) {
  if (batch.records.empty()) {
    uncounted_.add(settled_before(batch));
    Receipt receipt;
    receipt.received = batch.received;
    receipt.rejections = std::move(batch.rejections);
    done(std::move(receipt));
    return Push::ok;
  }
  return queue_.push(std::move(batch), std::move(done));
}

void Committer::stop() {
  queue_.close();
  if (writers_.empty()) return;
  for (std::thread& writer : writers_) writer.join();
  writers_.clear();
  try {
    flush_counts();
  } catch (const Error& error) {
    observer_.emit(metrics::StoreFailed{"count", error.message()});
  }
}

void Committer::flush_counts() { uncounted_.flush(store_, source_); }

void Committer::run() {
  Pace pace;
  std::vector<Waiting> group;
  while (queue_.gather(group, pace)) {
    commit(group, pace);
    group.clear();
  }
}

storage::AppendResult Committer::append(const std::vector<Waiting>& group, std::size_t records,
                                        std::span<const storage::Count> counts) {
  storage::AppendResult result;
  try {
    std::vector<const LogRecord*> pointers;
    pointers.reserve(records);
    for (const Waiting& waiting : group) {
      for (const LogRecord& record : waiting.batch.records) pointers.push_back(&record);
    }
    result = store_.append(pointers, {source_, counts});
    std::ranges::sort(result.refusals);
    if (result.outcomes.size() != records && result.failure.empty()) {
      result.failure = "the store answered for " + std::to_string(result.outcomes.size()) + " of " +
                       std::to_string(records) + " records";
    }
  } catch (const std::exception& error) {
    result = {};
    result.failure = error.what();
  } catch (...) {
    result = {};
    result.failure = "unknown exception from the store";
  }
  const bool some_failed =
      result.outcomes.size() != records ||
      std::ranges::find(result.outcomes, Outcome::failed) != result.outcomes.end();
  if (some_failed && result.failure.empty()) result.failure = "the store gave no reason";
  if (some_failed) {
    observer_.emit(
        metrics::StoreFailed{records == 1 ? "insert_single" : "insert_batch", result.failure});
  }
  return result;
}

void Committer::keep_refused(const Batch& batch, const std::vector<Rejection>& refused) {
  auto record = batch.records.begin();
  for (const Rejection& rejection : refused) {
    while (record->index != rejection.index) ++record;
    letters_.add(refused_letter(*record, rejection.message, letters_.max_raw_bytes()));
  }
}

void Committer::commit(std::vector<Waiting>& group, Pace& pace) {
  std::size_t records = 0;
  const Sums earlier = uncounted_.take();
  Sums counts = earlier;
  for (const Waiting& waiting : group) {
    records += waiting.batch.records.size();
    add(counts, settled_before(waiting.batch));
  }

  const SteadyClock::time_point start = SteadyClock::now();
  const storage::AppendResult result = append(group, records, counts_of(counts));
  pace.took = SteadyClock::now() - start;
  pace.batches = group.size();
  if (!result.outcomes.empty()) {
    observer_.emit(metrics::CommitDone{static_cast<std::uint32_t>(group.size()),
                                       static_cast<std::uint32_t>(records),
                                       std::chrono::duration_cast<microseconds>(pace.took)});
  }

  if (!result.counted) uncounted_.add(earlier);
  std::size_t first = 0;
  for (Waiting& waiting : group) {
    const Sums settled_early = result.counted ? Sums{} : settled_before(waiting.batch);
    Settled settled = settle(waiting.batch, result, first);
    // A sender that is told of a failure sends all of its records again.
    if (settled.failed == 0) uncounted_.add(settled_early);
    first += waiting.batch.records.size();
    observer_.emit(metrics::BatchStored{waiting.batch.tenant, settled.receipt.stored,
                                        settled.receipt.duplicates, settled.failed, settled.refused,
                                        waiting.batch.records, settled.outcomes});
    keep_refused(waiting.batch, settled.refused);
    waiting.done(std::move(settled.receipt));
  }
}

}  // namespace logctl::ingest
