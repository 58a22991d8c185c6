// The log side of the PostgreSQL store: appending is the appender's, questions go through the pool.
#pragma once

#include "shared/storage/postgres/appender.h"
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/pool.h"
#include "shared/storage/postgres/timescale.h"
#include "shared/storage/postgres/writers.h"
#include "shared/storage/store.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace logctl::storage::postgres {

class PostgresLogStore final : public LogStore {
 public:
  struct Settings {
    Writers::Settings writers;
    Appender::Settings appender;
    std::uint32_t partitions_ahead = 3;  // days
    bool index_text = true;              // storage.indexes names `text`
    Partitioning partitioning = Partitioning::automatic;
  };
  // `clock` must outlive it.
  PostgresLogStore(std::shared_ptr<Pool> pool, const Settings& settings, const Clock& clock);

  AppendResult append(std::span<const LogRecord* const> records, const Origin& origin) override;
  void count(std::string_view source, std::span<const Count> counts) override;
  Balances balances() override;
  Audit audit(const AtCut& at_cut) override;
  std::uint64_t position(std::string_view source) override;
  Page search(const query::Query& query) override;
  std::uint64_t count(const query::Query& query) override;
  std::optional<Page> find(const query::View& view, const RecordKey& key) override;
  std::vector<bool> knows(std::span<const Identity> records) override;
  Statistics statistics(const query::View& view, Timestamp now) override;
  std::uint64_t total_rows() override;
  void maintain(Timestamp now) override;
  void ping() override;
  std::vector<Symptom> examine(Timestamp now) override;
  PoolUse pool_use() override { return pool_->use(); }
  std::size_t parallel_appends() const override { return settings_.writers.most; }

 private:
  void make_partitions_ahead(Timestamp now);
  void forget_old_ids(Timestamp now);
  void note_row_bytes(const Batch& batch, std::size_t known);

  const std::shared_ptr<Pool> pool_;
  const Settings settings_;
  const Clock& clock_;
  Writers writers_;
  Partitions partitions_;
  Appender appender_;
  // Of the rows of the pages before this one; at first, what is usual.
  std::atomic<std::size_t> row_bytes_ = 1024;
};

}  // namespace logctl::storage::postgres
