// logctl-load: sends generated batches to a daemon over plain HTTP and tells how fast it went.
//
// Every batch is sent until it is answered 2xx (--retry) or once. --prepare makes all requests
// before the clock starts, in memory; --rate sends so many requests a second. With
// --acked FILE the event ids of every answered batch are written down, which is what the crash
// tests compare with the store afterwards.
#include "bench/client.h"
#include "bench/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Steady = std::chrono::steady_clock;

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string key;
  std::string run = "load";
  std::string acked_file;
  int connections = 4;
  std::uint64_t records = 100'000;
  std::uint64_t batch = 1000;
  std::int64_t start_micros = logctl::bench::RecordShape{}.start_micros;
  std::int64_t step_micros = 1000;
  double give_up_seconds = 120;
  double rate = 0;  // requests a second over all connections; 0: no limit
  bool retry = false;
  bool prepare = false;
};

struct Request {
  std::string text;  // head and body
  std::size_t body_bytes = 0;
  std::uint64_t first = 0, last = 0;  // numbers of its records
};

struct Totals {
  std::mutex mutex;
  std::map<int, std::uint64_t> answers;  // by status; 0: the connection broke
  std::vector<double> latencies_ms;
  std::FILE* acked = nullptr;
  std::vector<Request> prepared;  // all requests, or none: made while sending
  std::atomic<std::uint64_t> next_batch{0};
  std::atomic<std::uint64_t> acknowledged{0};
  std::atomic<std::uint64_t> bytes{0};
};

logctl::bench::RecordShape shape_of(const Options& options) {
  logctl::bench::RecordShape shape;
  shape.start_micros = options.start_micros;
  shape.step_micros = options.step_micros;
  shape.run = options.run;
  return shape;
}

std::uint64_t batches_of(const Options& options) {
  return (options.records + options.batch - 1) / options.batch;
}

Request make_request(const Options& options, std::uint64_t n) {
  const std::uint64_t first = n * options.batch;
  const std::uint64_t last = std::min(first + options.batch, options.records);
  std::string body;
  if (options.batch == 1) {
    logctl::bench::append_record(body, first, shape_of(options));
  } else {
    logctl::bench::append_batch(body, first, last, shape_of(options));
  }
  const char* const path = options.batch == 1 ? "/api/v1/ingest" : "/api/v1/batch-ingest";
  return {logctl::bench::post_request(path, options.key, body), body.size(), first, last};
}

void send_batches(const Options& options, Totals& totals) {
  const std::uint64_t batches = batches_of(options);
  const auto start = Steady::now();
  const auto deadline = start + std::chrono::duration<double>(options.give_up_seconds);
  logctl::bench::Client client(options.host, options.port);
  std::map<int, std::uint64_t> answers;
  std::vector<double> latencies;
  for (std::uint64_t n = totals.next_batch++; n < batches; n = totals.next_batch++) {
    Request made;
    if (totals.prepared.empty()) made = make_request(options, n);
    const Request& request = totals.prepared.empty() ? made : totals.prepared[n];
    if (options.rate > 0) {
      const double due = static_cast<double>(n) / options.rate;
      std::this_thread::sleep_until(start + std::chrono::duration<double>(due));
    }
    while (Steady::now() < deadline) {
      const auto begin = Steady::now();
      const int status = client.exchange(request.text).status;
      ++answers[status];
      const bool taken = (status >= 200 && status < 300) || status == 409;
      if (taken) {
        latencies.push_back(
            std::chrono::duration<double, std::milli>(Steady::now() - begin).count());
        totals.acknowledged += request.last - request.first;
        totals.bytes += request.body_bytes;
        if (totals.acked != nullptr) {
          const std::scoped_lock lock(totals.mutex);
          for (std::uint64_t i = request.first; i < request.last; ++i)
            fmt::print(totals.acked, "{}-{:012}\n", options.run, i);
          std::fflush(totals.acked);
        }
        break;
      }
      if (!options.retry || (status >= 400 && status < 429)) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  const std::scoped_lock lock(totals.mutex);
  for (const auto& [status, count] : answers) totals.answers[status] += count;
  totals.latencies_ms.insert(totals.latencies_ms.end(), latencies.begin(), latencies.end());
}

bool parse_arguments(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--retry") {
      options.retry = true;
      continue;
    }
    if (name == "--prepare") {
      options.prepare = true;
      continue;
    }
    if (i + 1 == argc) return false;
    const char* value = argv[++i];
    if (name == "--host")
      options.host = value;
    else if (name == "--port")
      options.port = static_cast<std::uint16_t>(std::atoi(value));
    else if (name == "--key")
      options.key = value;
    else if (name == "--run")
      options.run = value;
    else if (name == "--acked")
      options.acked_file = value;
    else if (name == "--connections")
      options.connections = std::atoi(value);
    else if (name == "--records")
      options.records = std::strtoull(value, nullptr, 10);
    else if (name == "--batch")
      options.batch = std::max<std::uint64_t>(1, std::strtoull(value, nullptr, 10));
    else if (name == "--start")
      options.start_micros = std::strtoll(value, nullptr, 10);
    else if (name == "--step")
      options.step_micros = std::strtoll(value, nullptr, 10);
    else if (name == "--rate")
      options.rate = std::atof(value);
    else if (name == "--give-up")
      options.give_up_seconds = std::atof(value);
    else
      return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse_arguments(argc, argv, options)) {
    std::fputs(
        "usage: logctl-load [--host H] [--port N] [--key K] [--run NAME] [--records N] [--batch N] "
        "[--connections N]\n"
        "                   [--start MICROS] [--step MICROS] [--retry] [--give-up SECONDS] "
        "[--acked FILE] [--prepare] [--rate PER_SECOND]\n",
        stderr);
    return 2;
  }
  Totals totals;
  if (!options.acked_file.empty()) {
    totals.acked = std::fopen(options.acked_file.c_str(), "a");
    if (totals.acked == nullptr) {
      std::perror(options.acked_file.c_str());
      return 1;
    }
  }
  if (options.prepare) {
    for (std::uint64_t n = 0; n < batches_of(options); ++n)
      totals.prepared.push_back(make_request(options, n));
  }
  const double begin_unix =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  const auto begin = Steady::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < options.connections; ++i)
    threads.emplace_back([&] { send_batches(options, totals); });
  for (std::thread& thread : threads) thread.join();
  const double took = std::chrono::duration<double>(Steady::now() - begin).count();
  if (totals.acked != nullptr) std::fclose(totals.acked);

  std::sort(totals.latencies_ms.begin(), totals.latencies_ms.end());
  const auto percentile = [&](double share) {
    if (totals.latencies_ms.empty()) return 0.0;
    return totals.latencies_ms[static_cast<std::size_t>(
        share * static_cast<double>(totals.latencies_ms.size() - 1))];
  };
  std::string answers;
  for (const auto& [status, count] : totals.answers) {
    answers += fmt::format("{}\"{}\":{}", answers.empty() ? "" : ",", status, count);
  }
  const auto acknowledged = totals.acknowledged.load();
  fmt::print(
      "{{\"records\":{},\"acknowledged\":{},\"begin\":{:.3f},\"seconds\":{:.3f},"
      "\"records_per_second\":{:.0f},"
      "\"megabytes_per_second\":{:.1f},\"p50_ms\":{:.2f},\"p99_ms\":{:.2f},\"max_ms\":{:.2f},"
      "\"answers\":{{{}}}}}\n",
      options.records, acknowledged, begin_unix, took, static_cast<double>(acknowledged) / took,
      static_cast<double>(totals.bytes.load()) / 1e6 / took, percentile(0.5), percentile(0.99),
      percentile(1), answers);
  return acknowledged == options.records ? 0 : 1;
}
