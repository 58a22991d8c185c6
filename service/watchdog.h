// Pats systemd's watchdog as long as the daemon really gets on: every part is asked whether it has
// moved since the last time, and when one has not, nothing is sent. After `WatchdogSec=` of that,
// systemd ends the daemon and starts it again; what was acknowledged is on disk.
//
// A database that is away is not a reason: a restart would not bring it back.
#pragma once

#include "service/periodic.h"
#include "service/service_manager.h"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl {

class Watchdog {
 public:
  // `moved` is asked by one thread; false when it has stood still since the last time it was asked.
  struct Part {
    std::string_view name;
    std::function<bool()> moved;
  };

  // `told` hears of a part that stands still, once until it moves again. All that is lent must
  // outlive the watchdog.
  Watchdog(ServiceManager& manager, std::vector<Part> parts,
           std::function<void(std::string_view part)> told);

  // Asks every `period` / 3 until destroyed. Without a period nobody waits, and nothing is done.
  void start(microseconds period);
  // Asks once.
  void check();

 private:
  ServiceManager& manager_;
  const std::vector<Part> parts_;
  const std::function<void(std::string_view)> told_;
  std::string_view stuck_;
  std::unique_ptr<Periodic> timer_;
};

// Moves as long as a thread of `io` runs what is posted to it.
std::function<bool()> io_pulse(boost::asio::io_context& io);
// Moves when `waiting` says zero or `done` has another value than the last time.
std::function<bool()> queue_pulse(std::function<std::uint64_t()> waiting,
                                  std::function<std::uint64_t()> done);

}  // namespace logctl
