// The store as those see it who bring records to it: what it has stored, the hub hears.
//
// Everything else goes on to the store as it is. Thread-safe as the store; both outlive it.
#pragma once

#include "service/tail/hub.h"
#include "shared/storage/store.h"

namespace logctl::tail {

class PublishingStore final : public storage::LogStore {
 public:
  PublishingStore(storage::LogStore& store, Hub& hub) : store_(store), hub_(hub) {}

  storage::AppendResult append(std::span<const LogRecord* const> records,
                               const storage::Origin& origin) override;

  void count(std::string_view source, std::span<const storage::Count> counts) override {
    store_.count(source, counts);
  }
  storage::Balances balances() override { return store_.balances(); }
  storage::Audit audit(const AtCut& at_cut) override { return store_.audit(at_cut); }
  std::uint64_t position(std::string_view source) override { return store_.position(source); }
  storage::Page search(const query::Query& query) override { return store_.search(query); }
  std::uint64_t count(const query::Query& query) override { return store_.count(query); }
  std::optional<storage::Page> find(const query::View& view, const RecordKey& key) override {
    return store_.find(view, key);
  }
  std::vector<bool> knows(std::span<const storage::Identity> records) override {
    return store_.knows(records);
  }
  storage::Statistics statistics(const query::View& view, Timestamp now) override {
    return store_.statistics(view, now);
  }
  std::uint64_t total_rows() override { return store_.total_rows(); }
  void maintain(Timestamp now) override { store_.maintain(now); }
  void ping() override { store_.ping(); }
  std::vector<storage::Symptom> examine(Timestamp now) override { return store_.examine(now); }
  storage::PoolUse pool_use() override { return store_.pool_use(); }
  std::size_t parallel_appends() const override { return store_.parallel_appends(); }

 private:
  storage::LogStore& store_;
  Hub& hub_;
};

}  // namespace logctl::tail
