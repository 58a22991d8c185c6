#include "service/watchdog.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace logctl {

Watchdog::Watchdog(ServiceManager& manager, std::vector<Part> parts,
                   std::function<void(std::string_view)> told)
    : manager_(manager), parts_(std::move(parts)), told_(std::move(told)) {}

void Watchdog::start(microseconds period) {
  if (period <= microseconds(0)) return;
  manager_.watchdog();
  timer_ = std::make_unique<Periodic>(
      period / 3, [this] { check(); }, [](const std::string&) {});
}

void Watchdog::check() {
  std::string_view stuck;
  for (const Part& part : parts_) {
    if (!part.moved()) stuck = part.name;
  }
  if (!stuck.empty() && stuck != stuck_) told_(stuck);
  stuck_ = stuck;
  if (stuck.empty()) manager_.watchdog();
}

std::function<bool()> io_pulse(boost::asio::io_context& io) {
  const auto answered = std::make_shared<std::atomic<bool>>(true);
  return [&io, answered] {
    if (!answered->exchange(false)) return false;  // the last question still waits
    boost::asio::post(io, [answered] { *answered = true; });
    return true;
  };
}

std::function<bool()> queue_pulse(std::function<std::uint64_t()> waiting,
                                  std::function<std::uint64_t()> done) {
  return [waiting = std::move(waiting), done = std::move(done), last = std::uint64_t{0}]() mutable {
    const std::uint64_t now = done();
    const bool moved = now != last || waiting() == 0;
    last = now;
    return moved;
  };
}

}  // namespace logctl
