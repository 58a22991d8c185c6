// Batches in one line, and the receipts that come back for them.
#pragma once

#include "shared/base/mutex.h"
#include "shared/ingest/intake.h"
#include "shared/record/record.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::test {

// One record per id, with the id as its message.
inline Batch make_batch(const std::vector<std::string>& ids, std::vector<Rejection> rejections = {},
                        std::string_view tenant = "default") {
  Batch batch;
  batch.tenant = batch.arena->copy(tenant);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    LogRecord record;
    record.tenant = batch.tenant;
    record.event_id = batch.arena->copy(ids[i]);
    record.message = record.event_id;
    record.index = static_cast<std::uint32_t>(i);
    batch.records.push_back(record);
  }
  batch.rejections = std::move(rejections);
  batch.received = static_cast<std::uint32_t>(batch.records.size() + batch.rejections.size());
  return batch;
}

// Collects receipts from the threads of an intake.
class Receipts {
 public:
  ingest::Intake::Done taker() {
    return [this](Receipt&& receipt) {
      {
        Lock lock(mutex_);
        receipts_.push_back(std::move(receipt));
      }
      arrived_.notify_all();
    };
  }
  std::vector<Receipt> wait_for(std::size_t count) {
    mutex_.lock();
    while (receipts_.size() < count) arrived_.wait(mutex_);
    std::vector<Receipt> all = receipts_;
    mutex_.unlock();
    return all;
  }
  std::size_t count() {
    Lock lock(mutex_);
    return receipts_.size();
  }

 private:
  Mutex mutex_;
  Condition arrived_;
  std::vector<Receipt> receipts_;
};

}  // namespace logctl::test
