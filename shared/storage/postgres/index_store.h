// The indexes of day partitions, made with CREATE INDEX CONCURRENTLY, and what was said about them.
//
// PostgreSQL keeps an index up to date with late records itself. What a killed run leaves behind is
// an index that is not valid: it is dropped and made again.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/index_store.h"
#include "shared/storage/postgres/pool.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace logctl::storage::postgres {

class PostgresIndexStore final : public IndexStore {
 public:
  PostgresIndexStore(std::shared_ptr<Pool> pool, std::string conninfo, bool read_only)
      : pool_(std::move(pool)), conninfo_(std::move(conninfo)), read_only_(read_only) {}

  std::vector<std::chrono::sys_days> days() override;
  std::vector<DayIndex> indexes() override;
  std::vector<IndexChoice> choices() override;
  void choose(const IndexChoice& choice) override;
  std::optional<std::string> obstacle(const std::string& field) override;
  std::unique_ptr<Pass> try_pass() override;
  void interrupt() override;

 private:
  class ConnectionPass;

  const std::shared_ptr<Pool> pool_;
  const std::string conninfo_;
  const bool read_only_;
  std::atomic<bool> stop_ = false;
  std::atomic<int> building_pid_ = 0;  // of the server's process at work; 0: none
};

// Why there can be no index on the words of messages, and what to do; nothing when there can.
std::optional<std::string> text_obstacle(Session& session);

}  // namespace logctl::storage::postgres
