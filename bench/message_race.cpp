// logctl-message-race: many writers who all want to write the next message of the same few streams.
//
// Each asks for a stream's version and writes with it as the expected one, again and again with
// what the refusal said until it succeeds; so does it when the daemon goes away, with the same
// message id. What was answered with success is written down: stream, position, global position,
// id. The tests compare that with the store. Ends when standard input does.
#include "bench/client.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using logctl::bench::Answer;
using logctl::bench::Client;
using logctl::bench::post_request;

constexpr auto kPause = std::chrono::milliseconds(20);  // while the daemon is away

struct Options {
  std::uint16_t port = 8080;
  std::string token;
  std::string acked_file;
  int writers = 64;
  int streams = 8;
};

struct Totals {
  std::mutex mutex;
  std::FILE* acked = nullptr;
  std::uint64_t successes = 0;
  std::atomic<std::uint64_t> conflicts{0};
  std::atomic<std::uint64_t> broken{0};
  std::map<int, std::uint64_t> others;  // answers that should not be, by status
  std::atomic<bool> ending{false};
};

bool number_in(std::string_view text, std::string_view name, std::int64_t& number) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return false;
  number = std::strtoll(text.data() + at + name.size(), nullptr, 10);
  return true;
}

class Racer {
 public:
  Racer(const Options& options, Totals& totals, int number)
      : options_(options), totals_(totals), number_(number), client_("127.0.0.1", options.port) {}

  void run() {
    for (std::uint64_t n = 0; !totals_.ending; ++n) {
      const std::string stream = fmt::format("race-{}", (n + number_) % options_.streams);
      const std::string id = fmt::format("{:08x}-0000-4000-8000-{:012x}", number_, n);
      write(stream, id, n);
    }
  }

 private:
  void write(const std::string& stream, const std::string& id, std::uint64_t n) {
    std::int64_t expected = version(stream);
    while (!totals_.ending) {
      const Answer answer = client_.exchange(post_request(
          "/rpc", options_.token,
          fmt::format(R"(["stream.write","{}",{{"type":"T","data":{{"writer":{},"n":{}}}}},)"
                      R"({{"id":"{}","expectedVersion":{}}}])",
                      stream, number_, n, id, expected)));
      if (answer.status == 409 && number_in(answer.body, "\"actual\":", expected)) {
        ++totals_.conflicts;
        continue;
      }
      if (answer.status == 200) return acknowledge(stream, id, answer.body);
      // In doubt: the message may be there. The same one is sent again.
      if (answer.status == 0 || answer.status == 503) {
        ++totals_.broken;
      } else {
        const std::scoped_lock lock(totals_.mutex);
        ++totals_.others[answer.status];
      }
      std::this_thread::sleep_for(kPause);
    }
  }

  void acknowledge(const std::string& stream, const std::string& id, std::string_view body) {
    std::int64_t position = -1;
    std::int64_t global_position = -1;
    number_in(body, "\"position\":", position);
    number_in(body, "\"globalPosition\":", global_position);
    const std::scoped_lock lock(totals_.mutex);
    fmt::print(totals_.acked, "{}\t{}\t{}\t{}\n", stream, position, global_position, id);
    std::fflush(totals_.acked);
    ++totals_.successes;
  }

  std::int64_t version(const std::string& stream) {
    const Answer answer = client_.exchange(
        post_request("/rpc", options_.token, fmt::format(R"(["stream.version","{}"])", stream)));
    if (answer.status != 200 || answer.body.starts_with("null")) return -1;
    return std::strtoll(answer.body.c_str(), nullptr, 10);
  }

  const Options& options_;
  Totals& totals_;
  const int number_;
  Client client_;
};

bool parse_arguments(int argc, char** argv, Options& options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* value = argv[i + 1];
    if (name == "--port")
      options.port = static_cast<std::uint16_t>(std::atoi(value));
    else if (name == "--token")
      options.token = value;
    else if (name == "--acked")
      options.acked_file = value;
    else if (name == "--writers")
      options.writers = std::atoi(value);
    else if (name == "--streams")
      options.streams = std::max(1, std::atoi(value));
    else
      return false;
  }
  return argc % 2 == 1 && !options.acked_file.empty();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse_arguments(argc, argv, options)) {
    std::fputs(
        "usage: logctl-message-race --port N --token T --acked FILE [--writers N] [--streams N]\n",
        stderr);
    return 2;
  }
  Totals totals;
  totals.acked = std::fopen(options.acked_file.c_str(), "a");
  if (totals.acked == nullptr) {
    std::perror(options.acked_file.c_str());
    return 1;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < options.writers; ++i) {
    threads.emplace_back([&options, &totals, i] { Racer(options, totals, i).run(); });
  }
  char ignored[64];
  while (::read(STDIN_FILENO, ignored, sizeof ignored) > 0) {
  }
  totals.ending = true;
  for (std::thread& thread : threads) thread.join();
  std::fclose(totals.acked);
  std::string others;
  for (const auto& [status, count] : totals.others) {
    others += fmt::format("{}\"{}\":{}", others.empty() ? "" : ",", status, count);
  }
  fmt::print("{{\"successes\":{},\"conflicts\":{},\"broken\":{},\"others\":{{{}}}}}\n",
             totals.successes, totals.conflicts.load(), totals.broken.load(), others);
  return totals.others.empty() ? 0 : 1;
}
