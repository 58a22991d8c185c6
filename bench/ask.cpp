// logctl-ask http PORT KEY COUNT TARGET: asks a daemon over one connection.
// logctl-ask store COUNT TARGET: asks the configured store in this process, as psql and sqlite3 do,
//   and writes the records of the answer as JSON; TARGET is one of GET /api/v1/logs/filter.
//
// Asks twice without measuring, then COUNT times; prints the milliseconds of one.
#include "bench/client.h"
#include "service/http/request.h"
#include "shared/base/clock.h"
#include "shared/config/load.h"
#include "shared/query/parameters.h"
#include "shared/query/record_json.h"
#include "shared/storage/backend.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace logctl;

namespace {

constexpr int kWarm = 2;

void measure(int count, const std::function<void()>& ask) {
  using Clock = std::chrono::steady_clock;
  if (count < 1) throw std::runtime_error("COUNT is a number from 1 on");
  for (int i = 0; i < kWarm; ++i) ask();
  const Clock::time_point begin = Clock::now();
  for (int i = 0; i < count; ++i) ask();
  const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
  fmt::print("{:.3f}\n", took.count() / count);
}

void ask_http(const char* port, const char* key, int count, const char* target) {
  bench::Client client("127.0.0.1", static_cast<std::uint16_t>(std::atoi(port)));
  const std::string request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n", target, key);
  measure(count, [&] {
    const bench::Answer answer = client.exchange(request);
    if (answer.status != 200) {
      throw std::runtime_error(fmt::format("status {}: {}", answer.status, answer.body));
    }
  });
}

void ask_store(int count, std::string_view target) {
  const auto parameters = http::parse_query_string(target.substr(target.find('?') + 1));
  if (!parameters) throw std::runtime_error(fmt::format("not a target: '{}'", target));
  config::Sources sources;
  sources.environment = config::process_environment();
  const config::Loaded loaded = config::load(sources);
  const Clock& clock = system_clock();
  const storage::Backend store =
      storage::open_backend(*loaded.config, clock, storage::Access::read_only);
  std::string json;
  measure(count, [&] {
    query::FilterRequest question = query::parse_filter(*parameters, {}, clock.now());
    query::bind(question.query, query::View());
    json.clear();
    const storage::Page page = store.logs->search(question.query);
    for (const LogRecord& record : page.batch.records) query::append_record(json, record);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv, argv + argc);
  try {
    if (argc == 6 && arguments[1] == "http") {
      ask_http(argv[2], argv[3], std::atoi(argv[4]), argv[5]);
    } else if (argc == 4 && arguments[1] == "store") {
      ask_store(std::atoi(argv[2]), arguments[3]);
    } else {
      fmt::print(stderr, "usage: {0} http PORT KEY COUNT TARGET | {0} store COUNT TARGET\n",
                 arguments[0]);
      return 2;
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", arguments[0], error.what());
    return 1;
  }
}
