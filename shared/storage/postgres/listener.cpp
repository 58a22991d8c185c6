#include "shared/storage/postgres/listener.h"

#include "shared/storage/postgres/arrival_notice.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace logctl::storage::postgres {

NoticeListener::NoticeListener(const std::string& conninfo) : connection_(conninfo) {
  connection_.execute("listen for records", fmt::format("LISTEN {}", kArrivalChannel));
}

std::vector<Arrival> NoticeListener::next(microseconds wait) {
  std::vector<Arrival> arrivals;
  for (const auto& heard : connection_.notifications(std::chrono::ceil<milliseconds>(wait))) {
    if (auto arrival = parse_notice(heard.payload)) arrivals.push_back(std::move(*arrival));
  }
  return arrivals;
}

}  // namespace logctl::storage::postgres
