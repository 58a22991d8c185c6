#include "shared/ingest/spooler.h"

#include "shared/base/error.h"
#include "shared/base/units.h"
#include "shared/ingest/day_split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>
#include <utility>

namespace logctl::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kKnownRecords = 256 * 1024;
constexpr auto kLookInterval = milliseconds(50);
constexpr unsigned kLongestRetryAfter = 60;
// When nothing drains, or the disk is others' business: nobody knows for how long.
constexpr unsigned kRetryAfterStandstill = 30;

std::uint64_t share(std::uint64_t whole, std::uint32_t percent) {
  return whole / 100 * percent + whole % 100 * percent / 100;
}

Receipt receipt_of(Batch& batch) {
  Receipt receipt;
  receipt.received = batch.received;
  receipt.stored = static_cast<std::uint32_t>(batch.records.size());
  receipt.duplicates = batch.duplicates;
  receipt.rejections = std::move(batch.rejections);
  return receipt;
}

}  // namespace

Spooler::Spooler(spool::Spool& spool, Backlog& backlog, storage::LogStore& store,
                 metrics::Observer& observer, const config::Config& config, std::string source)
    : spool_(spool),
      backlog_(backlog),
      store_(store),
      observer_(observer),
      source_(std::move(source)),
      limits_(config.spool),
      high_bytes_(share(config.spool.max_bytes, config.spool.high_water)),
      low_bytes_(share(config.spool.max_bytes, config.spool.low_water)),
      known_(kKnownRecords, config.ingest.dedup_window),
      queue_(config.batch),
      writer_([this] { run(); }) {}

Spooler::~Spooler() { stop(); }

Push Spooler::submit(Batch&& batch, Done done) {
  if (batch.records.empty() && batch.duplicates == 0) {
    uncounted_.add(settled_before(batch));
    done(receipt_of(batch));
    return Push::ok;
  }
  if (refusing() != spool::Room::enough) return Push::full;
  return queue_.push(std::move(batch), std::move(done));
}

void Spooler::stop() {
  queue_.close();
  if (!writer_.joinable()) return;
  writer_.join();
  try {
    flush_counts();
  } catch (const Error& error) {
    observer_.emit(metrics::StoreFailed{"count", error.message()});
  }
}

unsigned Spooler::retry_after_seconds() const {
  switch (full_.load()) {
    case spool::Room::enough:
      return 1;
    case spool::Room::disk:
      return kRetryAfterStandstill;
    case spool::Room::limit:
      break;
  }
  const double rate = backlog_.rate(SteadyClock::now());
  if (rate <= 0) return kRetryAfterStandstill;
  const std::uint64_t bytes = spool_.figures().bytes;
  const std::uint64_t above = bytes > low_bytes_ ? bytes - low_bytes_ : 0;
  const double wait = std::ceil(static_cast<double>(above) / rate);
  return static_cast<unsigned>(std::clamp(wait, 1.0, double{kLongestRetryAfter}));
}

std::string_view Spooler::why_full() const {
  switch (full_.load()) {
    case spool::Room::enough:
      break;
    case spool::Room::limit:
      return "too much is waiting for the store";
    case spool::Room::disk:
      return "the disk of the spool has too little free space";
  }
  return {};
}

bool Spooler::knows(const LogRecord& record) const {
  const Lock lock(known_mutex_);
  return known_.contains(record, SteadyClock::now());
}

void Spooler::forget_known() {
  const Lock lock(known_mutex_);
  known_.clear();
}

void Spooler::flush_counts() { uncounted_.flush(store_, source_); }

// Looked at again only now and then: every request asks.
spool::Room Spooler::refusing() {
  const std::int64_t now = SteadyClock::now().time_since_epoch().count();
  std::int64_t look = next_look_.load(std::memory_order_relaxed);
  if (now < look || !next_look_.compare_exchange_strong(
                        look, now + std::chrono::nanoseconds(kLookInterval).count())) {
    return full_;
  }
  spool::Room room = spool_.room(spool_.segment_bytes());
  const std::uint64_t bytes = spool_.figures().bytes;
  const bool was_full = full_ != spool::Room::enough;
  if (room == spool::Room::enough && (bytes >= high_bytes_ || (was_full && bytes > low_bytes_))) {
    room = spool::Room::limit;
  }
  set_full(room, bytes);
  return room;
}

void Spooler::set_full(spool::Room room, std::uint64_t bytes) {
  if (full_.exchange(room) == room) return;
  metrics::Notice notice;
  const bool full = room != spool::Room::enough;
  notice.severity = full ? metrics::Notice::Severity::warn : metrics::Notice::Severity::info;
  notice.what = full ? "spool full, requests are refused" : "spool takes records again";
  notice.detail = fmt::format("{} wait for the store", human_size(bytes));
  if (room == spool::Room::limit) {
    notice.detail += fmt::format("; spool.max_bytes allows {}", human_size(limits_.max_bytes));
  } else if (room == spool::Room::disk) {
    notice.detail += fmt::format(
        "; the disk has too little free space for another segment of {} besides spool.min_free, {}",
        human_size(spool_.segment_bytes()), human_size(limits_.min_free));
  }
  observer_.emit(notice);
}

void Spooler::run() {
  Pace pace;
  std::vector<Waiting> group;
  while (queue_.gather(group, pace)) {
    write(group, pace);
    group.clear();
  }
}

void Spooler::write(std::vector<Waiting>& group, Pace& pace) {
  const SteadyClock::time_point start = SteadyClock::now();
  std::string failure;
  try {
    for (Waiting& waiting : group) drop_known(waiting.batch);
    append(group);
  } catch (const Error& error) {
    failure = error.message();
    if (error.code() == ErrorCode::overloaded) found_full();
  } catch (const std::exception& error) {
    failure = error.what();
  }
  if (!failure.empty()) forget_known();  // what was remembered just now is not in the spool
  pace.took = SteadyClock::now() - start;
  pace.batches = group.size();
  answer(group, failure);
}

// Found by the append, between two looks or because the disk was fuller than it said. Holds until
// the next look, so that the refusals until then say the same.
void Spooler::found_full() {
  next_look_ = (SteadyClock::now() + kLookInterval).time_since_epoch().count();
  const bool limit = spool_.room(spool_.segment_bytes()) == spool::Room::limit;
  set_full(limit ? spool::Room::limit : spool::Room::disk, spool_.figures().bytes);
}

void Spooler::drop_known(Batch& batch) {
  const Lock lock(known_mutex_);
  batch.duplicates +=
      static_cast<std::uint32_t>(known_.drop_known(batch.records, SteadyClock::now()));
}

void Spooler::append(const std::vector<Waiting>& group) {
  encoder_.clear();
  std::vector<spool::FrameToWrite> frames;
  std::vector<std::size_t> starts;
  const auto add = [&](const Batch& batch) {
    starts.push_back(encoder_.add(batch, batch.tenant));
    const auto records = static_cast<std::uint32_t>(batch.records.size());
    frames.push_back({{batch.received, records}, {}});
  };
  for (const Waiting& waiting : group) {
    if (waiting.batch.records.empty()) continue;
    if (on_few_days(waiting.batch.records)) {
      add(waiting.batch);
    } else {
      for (const Batch& part : split_by_days(waiting.batch)) add(part);
    }
  }
  if (frames.empty()) return;
  starts.push_back(encoder_.size());
  // Only now the encoder's memory stays where it is.
  for (std::size_t i = 0; i < frames.size(); ++i) {
    frames[i].payload = encoder_.bytes(starts[i], starts[i + 1]);
  }
  // Before the append, after which the drainer may take them at once.
  for (const Waiting& waiting : group) {
    backlog_.add(waiting.batch.tenant, waiting.batch.records.size());
  }
  try {
    spool_.append(frames);
  } catch (...) {
    for (const Waiting& waiting : group) {
      backlog_.take(waiting.batch.tenant, waiting.batch.records.size());
    }
    throw;
  }
}

void Spooler::answer(std::vector<Waiting>& group, std::string_view failure) {
  if (!failure.empty()) observer_.emit(metrics::StoreFailed{"spool", failure});
  for (Waiting& waiting : group) {
    Batch& batch = waiting.batch;
    if (!failure.empty()) {
      const auto failed = static_cast<std::uint32_t>(batch.records.size() + batch.duplicates);
      observer_.emit(metrics::BatchStored{batch.tenant, 0, 0, failed, {}, {}, {}});
      Receipt receipt;
      receipt.received = batch.received;
      receipt.rejections = std::move(batch.rejections);
      receipt.failed = true;
      receipt.failure = failure;
      waiting.done(std::move(receipt));
      continue;
    }
    if (batch.records.empty()) {
      // In no frame: all of it is in the spool or the store already.
      uncounted_.add(settled_before(batch));
    }
    observer_.emit(metrics::BatchSpooled{
        batch.tenant, static_cast<std::uint32_t>(batch.records.size()), batch.duplicates});
    waiting.done(receipt_of(batch));
  }
}

}  // namespace logctl::ingest
