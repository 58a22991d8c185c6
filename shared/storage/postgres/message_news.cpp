#include "shared/storage/postgres/message_news.h"

#include "shared/storage/postgres/message_transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace logctl::storage::postgres {

namespace {

void sort_unique(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

PostgresMessageNews::PostgresMessageNews(const std::string& conninfo) : connection_(conninfo) {
  connection_.execute("listen for messages",
                      fmt::format("LISTEN {}; LISTEN {}", kMessageChannel, kNamespaceChannel));
}

std::vector<std::string> PostgresMessageNews::next(microseconds wait) {
  std::vector<std::string> names;
  changed_.clear();
  for (auto& heard : connection_.notifications(std::chrono::ceil<milliseconds>(wait))) {
    auto& to = heard.channel == kNamespaceChannel ? changed_ : names;
    to.push_back(std::move(heard.payload));
  }
  sort_unique(names);
  sort_unique(changed_);
  return names;
}

}  // namespace logctl::storage::postgres
