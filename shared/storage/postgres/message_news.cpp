#include "shared/storage/postgres/message_news.h"

#include "shared/storage/postgres/message_transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace logctl::storage::postgres {

PostgresMessageNews::PostgresMessageNews(const std::string& conninfo) : connection_(conninfo) {
  connection_.execute("listen for messages", fmt::format("LISTEN {}", kMessageChannel));
}

std::vector<std::string> PostgresMessageNews::next(microseconds wait) {
  std::vector<std::string> names = connection_.notifications(std::chrono::ceil<milliseconds>(wait));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace logctl::storage::postgres
