// logctl-messages: what clients of streams do, for benchmarks and tests. Prints one line of JSON.
//
//   write: so many connections write messages for some seconds.
//   read, category: one connection reads pages of so many messages of a stream or category again
//     and again for some seconds.
//   poke: writes messages one by one and tells how long after each answer a subscriber heard of it.
//   generate: prints so many messages as lines of an export.
#include "bench/client.h"
#include "bench/message_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace logctl::bench;
using Steady = std::chrono::steady_clock;

constexpr auto kBetweenProbes = std::chrono::milliseconds(5);
constexpr auto kGiveUp = std::chrono::seconds(10);

struct Options {
  std::string mode;
  MessageLoad load;
  std::string name;  // of the stream or category to read
  std::uint64_t number = 1000;
};

double percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

int write(const Options& options) {
  const LoadResult result = write_messages(options.load);
  std::string answers;
  for (const auto& [status, count] : result.answers) {
    answers += fmt::format("{}\"{}\":{}", answers.empty() ? "" : ",", status, count);
  }
  fmt::print(
      "{{\"messages\":{},\"seconds\":{:.3f},\"messages_per_second\":{:.0f},\"p50_ms\":{:.3f},"
      "\"p99_ms\":{:.3f},\"answers\":{{{}}}}}\n",
      result.written, result.seconds, static_cast<double>(result.written) / result.seconds,
      percentile(result.latencies_ms, 0.5), percentile(result.latencies_ms, 0.99), answers);
  return result.answers.size() == 1 && result.answers.contains(200) ? 0 : 1;
}

// The messages of an answer, by their times, which end each.
std::uint64_t count_messages(std::string_view body) {
  std::uint64_t count = 0;
  for (std::size_t at = body.find("Z\"]"); at != std::string_view::npos;
       at = body.find("Z\"]", at + 3)) {
    ++count;
  }
  return count;
}

int read(const Options& options) {
  const char* const method = options.mode == "read" ? "stream.get" : "category.get";
  const std::string request = post_request(
      "/rpc", options.load.token,
      fmt::format(R"(["{}","{}",{{"batchSize":{}}}])", method, options.name, options.number));
  Client client("127.0.0.1", options.load.port);
  std::uint64_t messages = 0;
  std::uint64_t reads = 0;
  const auto begin = Steady::now();
  double took = 0;
  while (took < options.load.seconds) {
    const Answer answer = client.exchange(request);
    if (answer.status != 200) {
      throw std::runtime_error(fmt::format("status {}: {}", answer.status, answer.body));
    }
    messages += count_messages(answer.body);
    ++reads;
    took = std::chrono::duration<double>(Steady::now() - begin).count();
  }
  fmt::print("{{\"reads\":{},\"messages\":{},\"seconds\":{:.3f},\"messages_per_second\":{:.0f}}}\n",
             reads, messages, took, static_cast<double>(messages) / took);
  return 0;
}

std::int64_t global_position_in(std::string_view text) {
  constexpr std::string_view kName = "\"globalPosition\":";
  const std::size_t at = text.find(kName);
  if (at == std::string_view::npos) return 0;
  return std::strtoll(text.data() + at + kName.size(), nullptr, 10);
}

// When each poke was heard, by global position.
class Hearing {
 public:
  void heard(std::int64_t position) {
    const std::scoped_lock lock(mutex_);
    times_.emplace(position, Steady::now());
  }
  void begin() { begun_ = true; }
  bool begun() const { return begun_; }
  bool knows(std::int64_t position, Steady::time_point& time) {
    const std::scoped_lock lock(mutex_);
    const auto found = times_.find(position);
    if (found == times_.end()) return false;
    time = found->second;
    return true;
  }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, Steady::time_point> times_;
  std::atomic<bool> begun_ = false;
};

int poke(const Options& options) {
  Hearing hearing;
  Listener listener("127.0.0.1", options.load.port,
                    "/subscribe?all=true&token=" + options.load.token);
  std::thread thread([&] {
    std::string line;
    while (listener.next_line(line)) {
      if (line.starts_with(": ready")) hearing.begin();
      if (line.starts_with("data:")) hearing.heard(global_position_in(line));
    }
  });
  // What is written before the subscription is there, nobody is told of.
  const auto asked = Steady::now();
  while (!hearing.begun() && Steady::now() - asked < kGiveUp) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  Client client("127.0.0.1", options.load.port);
  std::vector<double> waited;
  std::string problem;
  for (std::uint64_t n = 0; n < options.number && problem.empty(); ++n) {
    const Answer answer =
        client.exchange(post_request("/rpc", options.load.token, write_call("poke-1", n)));
    const auto answered = Steady::now();
    const std::int64_t position = global_position_in(answer.body);
    if (answer.status != 200 || position == 0) {
      problem = fmt::format("status {}: {}", answer.status, answer.body);
      break;
    }
    Steady::time_point heard;
    while (!hearing.knows(position, heard)) {
      if (Steady::now() - answered > kGiveUp) problem = fmt::format("no poke for {}", position);
      if (!problem.empty()) break;
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    if (problem.empty()) {
      waited.push_back(
          std::max(0.0, std::chrono::duration<double, std::milli>(heard - answered).count()));
    }
    std::this_thread::sleep_for(kBetweenProbes);
  }
  listener.stop();
  thread.join();
  if (!problem.empty()) throw std::runtime_error(problem);
  std::sort(waited.begin(), waited.end());
  fmt::print("{{\"probes\":{},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},\"max_ms\":{:.3f}}}\n",
             waited.size(), percentile(waited, 0.5), percentile(waited, 0.99),
             percentile(waited, 1));
  return 0;
}

// A thousand streams in ten categories, one message of each after the other.
int generate(const Options& options) {
  constexpr std::uint64_t kStreams = 1000;
  for (std::uint64_t n = 0; n < options.number; ++n) {
    const std::uint64_t stream = n % kStreams;
    fmt::print(
        "{{\"id\":\"{:08x}-0000-4000-8000-{:012x}\",\"stream\":\"category{}-{}\","
        "\"type\":\"OrderPlaced\",\"pos\":{},\"gpos\":{},\"data\":{},\"meta\":{},"
        "\"time\":\"2026-01-{:02}T{:02}:{:02}:{:02}.{:06}Z\"}}\n",
        n, n, stream % 10, stream, n / kStreams, n + 1, message_data(n),
        n % 10 == 0 ? "null" : message_metadata(n), n / 86400 % 28 + 1, n / 3600 % 24, n / 60 % 60,
        n % 60, n % 99999 * 10 + n % 9 + 1);  // in its shortest form
  }
  return 0;
}

bool parse_arguments(int argc, char** argv, Options& options) {
  if (argc < 2) return false;
  options.mode = argv[1];
  for (int i = 2; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (i + 1 == argc) return false;
    const char* value = argv[++i];
    if (name == "--port")
      options.load.port = static_cast<std::uint16_t>(std::atoi(value));
    else if (name == "--token")
      options.load.token = value;
    else if (name == "--connections")
      options.load.connections = std::atoi(value);
    else if (name == "--streams")
      options.load.streams = std::max(1, std::atoi(value));
    else if (name == "--seconds")
      options.load.seconds = std::atof(value);
    else if (name == "--name")
      options.name = value;
    else if (name == "--number")
      options.number = std::strtoull(value, nullptr, 10);
    else
      return false;
  }
  return true;
}

int run(const Options& options) {
  if (options.mode == "write") return write(options);
  if (options.mode == "read" || options.mode == "category") return read(options);
  if (options.mode == "poke") return poke(options);
  if (options.mode == "generate") return generate(options);
  throw std::runtime_error("unknown mode " + options.mode);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse_arguments(argc, argv, options)) {
    std::fputs(
        "usage: logctl-messages write|read|category|poke|generate [--port N] [--token T] "
        "[--connections N] [--streams N]\n"
        "                       [--seconds S] [--name STREAM|CATEGORY] [--number N]\n",
        stderr);
    return 2;
  }
  try {
    return run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "logctl-messages: {}\n", error.what());
    return 1;
  }
}
