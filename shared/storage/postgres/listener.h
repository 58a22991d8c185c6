// Hears the notices of arrival_notice.h on a connection of its own.
#pragma once

#include "shared/storage/arrivals.h"
#include "shared/storage/postgres/connection.h"

#include <string>
#include <vector>

namespace logctl::storage::postgres {

class NoticeListener final : public Arrivals {
 public:
  // Connects and listens. Throws ServerError.
  explicit NoticeListener(const std::string& conninfo);
  std::vector<Arrival> next(microseconds wait) override;

 private:
  Connection connection_;
};

}  // namespace logctl::storage::postgres
