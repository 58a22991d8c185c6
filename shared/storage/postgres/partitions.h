// Day partitions of `logs`, or chunks when it is a hypertable: which are there, and making those
// that are missing.
//
// Thread-safe. A partition is made in a transaction of its own under an advisory lock, so that
// daemons do not collide, and attached afterwards, which does not wait for readers or writers of
// the table.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/postgres/connection.h"

#include <chrono>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace logctl::storage::postgres {

class Partitions {
 public:
  // Makes what is missing among `days`. Not inside a transaction. Throws ServerError.
  void ensure(Connection& connection, std::span<const std::chrono::sys_days> days);
  // Gives chunks of a hypertable that the server made by itself the names of their days.
  static void adopt(Connection& connection);
  // Somebody dropped a partition: look again.
  void forget();

 private:
  void learn(Connection& connection);
  bool known(std::chrono::sys_days day);
  static void make(Connection& connection, std::chrono::sys_days day);

  Mutex mutex_;
  std::set<std::chrono::sys_days> known_ GUARDED_BY(mutex_);
};

// logs_YYYYMMDD
std::string partition_name(std::chrono::sys_days day);
// Nothing when it is not such a name.
std::optional<std::chrono::sys_days> partition_day(std::string_view name);

}  // namespace logctl::storage::postgres
