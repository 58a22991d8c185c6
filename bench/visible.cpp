// logctl-visible: how long after its acknowledgement a record is found by a query.
//
// Posts single records of a day of their own, one after the other, and asks for each until it is
// there; prints the percentiles of the time between the answer to the one and to the other.
#include "bench/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using Steady = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr auto kGiveUp = std::chrono::seconds(30);
constexpr auto kBetweenLooks = std::chrono::milliseconds(1);
constexpr auto kBetweenProbes = std::chrono::milliseconds(7);

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: logctl-visible PORT KEY PROBES\n", stderr);
    return 2;
  }
  const std::string key = argv[2];
  const std::size_t probes = std::strtoull(argv[3], nullptr, 10);
  logctl::bench::Client client("127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1])));
  std::vector<double> waited;
  for (std::size_t i = 0; i < probes; ++i) {
    const std::string time =
        fmt::format("2025-02-01T{:02}:{:02}:{:02}Z", i / 3600, i / 60 % 60, i % 60);
    const std::string post = logctl::bench::post_request(
        "/api/v1/ingest", key,
        fmt::format(R"({{"event_id":"visible-{}","timestamp":"{}","event_type":"telemetry",)"
                    R"("event_name":"probe"}})",
                    i, time));
    const std::string question = fmt::format(
        "GET /api/v1/logs/filter?cursor=&page_size=1&start_time={0}&end_time={0} HTTP/1.1\r\n"
        "Host: localhost\r\nAuthorization: Bearer {1}\r\n\r\n",
        time, key);
    const logctl::bench::Answer answer = client.exchange(post);
    if (answer.status != 201) {
      fmt::print(stderr, "logctl-visible: status {}: {}\n", answer.status, answer.body);
      return 1;
    }
    const Steady::time_point begin = Steady::now();
    while (client.exchange(question).body.find("\"visible-") == std::string::npos) {
      if (Steady::now() - begin > kGiveUp) {
        fmt::print(stderr, "logctl-visible: record {} did not appear\n", i);
        return 1;
      }
      std::this_thread::sleep_for(kBetweenLooks);
    }
    waited.push_back(Milliseconds(Steady::now() - begin).count());
    std::this_thread::sleep_for(kBetweenProbes);
  }
  std::sort(waited.begin(), waited.end());
  const auto percentile = [&](double share) {
    if (waited.empty()) return 0.0;
    return waited[static_cast<std::size_t>(share * static_cast<double>(waited.size() - 1))];
  };
  fmt::print("{{\"probes\":{},\"p50_ms\":{:.2f},\"p99_ms\":{:.2f}}}\n", probes, percentile(0.5),
             percentile(0.99));
  return 0;
}
