// What an Observer holds; for observer.cpp (events) and observer_gauges.cpp (figures) only.
#pragma once

#include "shared/metrics/instruments.h"
#include "shared/metrics/logger.h"
#include "shared/metrics/observer.h"
#include "shared/metrics/repeats.h"

#include <atomic>
#include <chrono>

namespace logctl::metrics {

struct Observer::State {
  explicit State(const config::Config& config)
      : logger(config.log), access_log(config.log.access), instruments(config.ingest.event_types) {}

  Logger logger;
  std::atomic<bool> access_log;
  Instruments instruments;
  Repeats repeats;  // while the store is away every request fails alike
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

  std::atomic<std::uint64_t> request_count = 0;
  std::atomic<std::uint64_t> request_micros = 0;
  std::atomic<std::uint64_t> server_errors = 0;
};

}  // namespace logctl::metrics
