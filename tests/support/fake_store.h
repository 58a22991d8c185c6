// A LogStore in memory that records what it was asked, and that tests can hold, break and script.
#pragma once

#include "shared/base/error.h"
#include "shared/base/mutex.h"
#include "shared/storage/books.h"
#include "shared/storage/store.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace logctl::test {

// Thread-safe. Keeps the identity of what it stored, so that a repeat is a duplicate.
class FakeStore : public storage::LogStore {
 public:
  // While held, append() waits.
  void hold() {
    Lock lock(mutex_);
    held_ = true;
  }
  void release() {
    {
      Lock lock(mutex_);
      held_ = false;
    }
    changed_.notify_all();
  }
  // Returns when append() has been entered `calls` times altogether.
  void wait_for_calls(std::size_t calls) {
    mutex_.lock();
    while (entered_ < calls) changed_.wait(mutex_);
    mutex_.unlock();
  }

  // Runs instead of storing for the records that it likes: its outcome counts.
  using Script = std::function<std::optional<Outcome>(const LogRecord&)>;
  void script(Script script) {
    Lock lock(mutex_);
    script_ = std::move(script);
  }
  // append() throws this from now on; empty again with an empty message.
  void fail(std::string message) {
    Lock lock(mutex_);
    failure_ = std::move(message);
  }

  storage::AppendResult append(std::span<const LogRecord* const> records,
                               const storage::Origin& origin) override {
    Lock lock(mutex_);
    ++entered_;
    changed_.notify_all();
    while (held_) changed_.wait(mutex_);
    sizes_.push_back(records.size());
    if (!failure_.empty()) throw Error(ErrorCode::unavailable, failure_);
    if (origin.move && positions_[std::string(origin.source)] != origin.move->from) {
      throw Error(ErrorCode::conflict, "the position is another one");
    }
    storage::AppendResult result;
    storage::Books books;
    std::set<Row> rows;
    std::vector<std::string> messages;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const LogRecord& record = *records[i];
      Outcome outcome{};
      if (const auto scripted = script_ ? script_(record) : std::nullopt) {
        outcome = *scripted;
        if (outcome == Outcome::rejected) result.refusals.emplace_back(i, "the store dislikes it");
        if (outcome == Outcome::failed) result.failure = "the day could not be committed";
      } else {
        const Row row(to_micros(record.timestamp), record.event_id, record.tenant);
        const bool added = !rows_.contains(row) && rows.insert(row).second;
        outcome = added ? Outcome::stored : Outcome::duplicate;
        if (added) messages.emplace_back(record.message);
      }
      result.outcomes.push_back(outcome);
      books.add(record.tenant, outcome);
    }
    if (origin.before_commit && !result.refusals.empty()) origin.before_commit(result.refusals);
    rows_.merge(rows);
    messages_.insert(messages_.end(), messages.begin(), messages.end());
    add(origin.source, books.counts());
    result.counted = result.failure.empty();
    if (result.counted) add(origin.source, origin.counts);
    if (origin.move && result.counted) positions_[std::string(origin.source)] = origin.move->to;
    if (answers_to_lose_ > 0) {
      --answers_to_lose_;
      throw Error(ErrorCode::unavailable, "the connection was lost during a commit");
    }
    return result;
  }
  void count(std::string_view source, std::span<const storage::Count> counts) override {
    Lock lock(mutex_);
    if (!failure_.empty()) throw Error(ErrorCode::unavailable, failure_);
    add(source, counts);
  }
  storage::Balances balances() override {
    Lock lock(mutex_);
    storage::Balances balances;
    for (const auto& [key, count] : books_) {
      balances.accounts.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
    }
    return balances;
  }
  storage::Audit audit(const AtCut& at_cut) override {
    const storage::Audit audit{balances(), {}};
    if (at_cut) at_cut(audit);
    return audit;
  }
  std::uint64_t position(std::string_view source) override {
    Lock lock(mutex_);
    if (!failure_.empty()) throw Error(ErrorCode::unavailable, failure_);
    return positions_[std::string(source)];
  }
  // The next `count` appends are done, but their callers are told that the connection was lost.
  void lose_answers(int count) {
    Lock lock(mutex_);
    answers_to_lose_ = count;
  }

  storage::Page search(const query::Query&) override { return {}; }
  std::uint64_t count(const query::Query&) override { return total_rows(); }
  std::optional<storage::Page> find(const query::View&, const RecordKey&) override { return {}; }
  storage::Statistics statistics(const query::View&, Timestamp) override { return {}; }
  std::uint64_t total_rows() override {
    Lock lock(mutex_);
    return rows_.size();
  }
  void maintain(Timestamp) override {}
  void ping() override {}

  // How many records each append() brought.
  std::vector<std::size_t> append_sizes() const {
    Lock lock(mutex_);
    return sizes_;
  }
  // Of the stored records, in order.
  std::vector<std::string> messages() const {
    Lock lock(mutex_);
    return messages_;
  }

 private:
  using Row = std::tuple<std::int64_t, std::string, std::string>;

  void add(std::string_view source, std::span<const storage::Count> counts) {
    for (const storage::Count& count : counts) {
      books_[{std::string(source), std::string(count.tenant), std::string(count.what)}] +=
          count.count;
    }
  }

  mutable Mutex mutex_;
  Condition changed_;
  bool held_ = false;
  std::size_t entered_ = 0;
  std::string failure_;
  Script script_;
  std::set<Row> rows_;
  std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> books_;
  std::map<std::string, std::uint64_t> positions_;
  int answers_to_lose_ = 0;
  std::vector<std::size_t> sizes_;
  std::vector<std::string> messages_;
};

}  // namespace logctl::test
