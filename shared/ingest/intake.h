// Where parsed batches go to become durable. Two ways: the Committer (the store's group commit) and
// the Spooler (the spool's); `ingest.ack` chooses.
#pragma once

#include "shared/base/queue.h"
#include "shared/record/record.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace logctl::ingest {

class Intake {
 public:
  // Called once per accepted batch, on a thread of the intake; must not block and must not throw.
  using Done = std::function<void(Receipt&&)>;

  virtual ~Intake() = default;

  // Takes the batch and calls `done` when its records are durable, except when it answers full or
  // closed: then nothing was taken and `batch` is as it was. A batch without records completes at
  // once, on the caller's thread. Thread-safe.
  [[nodiscard]] virtual Push submit(Batch&& batch, Done done) = 0;

  // Finishes what is waiting, calls every callback, and ends the threads. Idempotent.
  virtual void stop() = 0;

  virtual std::size_t waiting() const = 0;  // batches
  virtual std::size_t waiting_bytes() const = 0;
  // Grows whenever a writer comes for more.
  virtual std::uint64_t turns() const = 0;
  // After `full` or a failure: in how many seconds trying again is worth it. Thread-safe.
  virtual unsigned retry_after_seconds() const = 0;
  // Why nothing is taken just now, for people; empty when that is not so, or not for longer than
  // the next batches need. Thread-safe.
  virtual std::string_view why_full() const { return {}; }

  // True when the record was taken a short while ago; false says nothing. Thread-safe.
  virtual bool knows(const LogRecord& record) const = 0;
  // Writes what is counted but in no transaction yet (of batches without a good record) into the
  // store's books. Throws Error when the store fails; nothing is lost. A timer's thread calls it.
  virtual void flush_counts() = 0;
};

}  // namespace logctl::ingest
