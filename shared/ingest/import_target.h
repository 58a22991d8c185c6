// Where an import puts its batches: the store, a daemon, or nowhere.
#pragma once

#include "shared/record/record.h"
#include "shared/storage/store.h"

#include <cstddef>

namespace logctl::ingest {

class ImportTarget {
 public:
  virtual ~ImportTarget() = default;
  // What became of batch.records, of which there may be none, as LogStore::append tells it. From
  // several threads.
  virtual storage::AppendResult append(const Batch& batch) = 0;
  // How many calls at once make sense.
  virtual std::size_t parallel_appends() const { return 1; }
};

class StoreTarget final : public ImportTarget {
 public:
  explicit StoreTarget(storage::LogStore& store) : store_(store) {}
  storage::AppendResult append(const Batch& batch) override;
  std::size_t parallel_appends() const override { return store_.parallel_appends(); }

 private:
  storage::LogStore& store_;
};

// Takes everything and keeps nothing.
class NoTarget final : public ImportTarget {
 public:
  storage::AppendResult append(const Batch& batch) override;
};

}  // namespace logctl::ingest
