#include "service/tail/others.h"

#include "service/tail/copy_record.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"

#include <algorithm>
#include <utility>

namespace logctl::tail {
namespace {

constexpr milliseconds kTurn{100};
constexpr seconds kAfterFailure{1};
constexpr std::uint32_t kPage = 1000;
// Of one piece of news; a load of millions of rows is nothing to follow line by line.
constexpr std::uint64_t kMostRows = 100'000;
// Most records are received within this after the time that they carry.
constexpr std::chrono::hours kLately{1};
// What is gathered before it is told, where the order of time runs backwards.
constexpr std::size_t kMostGathered = 20'000;

query::Filter received(query::Op op, Timestamp time) {
  return {query::Field::received_at, op, format_rfc3339(time), {}};
}

query::Query question_for(const storage::Arrival& arrival) {
  query::Query question;
  question.tenant = arrival.tenant;
  question.since = arrival.since;
  if (arrival.until) question.until = *arrival.until + microseconds(1);
  question.filters = {received(query::Op::at_least, arrival.received_since)};
  question.limit = kPage;
  return question;
}

}  // namespace

Others::Others(Listen listen, storage::LogStore& store, Hub& hub, const Clock& clock,
               metrics::Observer& observer)
    : listen_(std::move(listen)),
      store_(store),
      hub_(hub),
      clock_(clock),
      observer_(observer),
      thread_([this] { run(); }) {}

Others::~Others() { stop(); }

void Others::stop() {
  stopping_ = true;
  cancellation_->cancel();
  if (thread_.joinable()) thread_.join();
}

void Others::pause(microseconds time) const {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!stopping_ && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::min<microseconds>(kTurn / 5, time));
  }
}

void Others::run() {
  const Cancellation::Scope scope(cancellation_);
  bool told = false;
  while (!stopping_) {
    hub_.sweep();
    if (!hub_.listening()) {
      heard_until_ = {};
      pause(kTurn);
      continue;
    }
    if (heard_until_ == Timestamp{}) heard_until_ = hub_.listening_since();
    try {
      const std::unique_ptr<storage::Arrivals> arrivals = listen_();
      told = false;
      follow(*arrivals);
    } catch (const Error& error) {
      if (!stopping_ && !std::exchange(told, true)) {
        observer_.emit(metrics::StoreFailed{"tail", error.message()});
      }
      pause(kAfterFailure);
    }
  }
}

// Until nobody follows any more.
void Others::follow(storage::Arrivals& arrivals) {
  const microseconds reach_back = arrivals.reach_back();
  std::vector<std::string> followed = hub_.tenants();
  for (const std::string& tenant : followed) {
    pass_over(tenant, reach_back);
    // Between the last news and the first of this listener.
    storage::Arrival missed;
    missed.tenant = tenant;
    missed.rows = kMostRows;
    missed.since = heard_until_ - kLately;
    missed.received_since = heard_until_;
    bring_range(missed);
  }
  while (!stopping_ && hub_.listening()) {
    const Timestamp before = clock_.now();
    std::vector<std::string> tenants = hub_.tenants();
    for (const std::string& tenant : tenants) {
      if (!std::ranges::binary_search(followed, tenant)) pass_over(tenant, reach_back);
    }
    followed = std::move(tenants);
    for (const storage::Arrival& arrival : arrivals.next(kTurn)) bring(arrival);
    heard_until_ = before;
    hub_.sweep();
  }
}

// What was stored before somebody followed is no news, however lately that was. Of records that
// came late nobody can tell in bounded time.
void Others::pass_over(const std::string& tenant, microseconds reach_back) {
  if (reach_back == microseconds(0)) return;
  query::Query question;
  question.tenant = tenant;
  question.since = heard_until_ - reach_back - kLately;
  question.filters = {received(query::Op::at_least, heard_until_ - reach_back),
                      received(query::Op::less, heard_until_)};
  question.limit = kPage;
  std::uint64_t rows = 0;
  while (!stopping_ && rows < kMostRows) {
    const storage::Page page = store_.search(question);
    rows += page.batch.records.size();
    hub_.note_published(page.batch.records, tenant);
    if (!page.next) return;
    question.after = *page.next;
  }
}

void Others::bring(const storage::Arrival& arrival) {
  if (hub_.is_ours(arrival.source)) return;
  const std::vector<std::string> tenants = hub_.tenants();
  if (std::ranges::find(tenants, arrival.tenant) == tenants.end()) return;
  if (arrival.since) {
    bring_range(arrival);
  } else {
    bring_newest(arrival);
  }
}

// Where the records lie is known: in the order of time.
void Others::bring_range(const storage::Arrival& arrival) {
  query::Query question = question_for(arrival);
  question.order = query::Order::ascending;
  std::uint64_t rows = 0;
  while (!stopping_ && rows < kMostRows) {
    storage::Page page = store_.search(question);
    rows += page.batch.records.size();
    const auto next = std::exchange(page.next, std::nullopt);
    if (!page.batch.records.empty()) hub_.publish_found(std::move(page.batch), arrival.tenant);
    if (!next) return;
    question.after = *next;
  }
}

// Only how many there are is known: newest first until they are found, then told the right way
// round.
void Others::bring_newest(const storage::Arrival& arrival) {
  query::Query question = question_for(arrival);
  const std::uint64_t wanted = std::min<std::uint64_t>(arrival.rows, kMostGathered);
  Batch found;
  std::uint64_t rows = 0;
  while (!stopping_ && found.records.size() < wanted && rows < kMostRows) {
    question.limit =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(kPage, wanted - found.records.size()));
    const storage::Page page = store_.search(question);
    rows += page.batch.records.size();
    for (const LogRecord& record : page.batch.records) {
      if (hub_.was_published(record, arrival.tenant)) continue;
      found.records.push_back(copy_record(record, *found.arena));
    }
    if (!page.next) break;
    question.after = *page.next;
  }
  std::ranges::reverse(found.records);
  if (!found.records.empty()) hub_.publish_found(std::move(found), arrival.tenant);
}

}  // namespace logctl::tail
