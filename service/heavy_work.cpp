#include "service/heavy_work.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace logctl {

HeavyWork::HeavyWork(std::size_t threads, std::size_t most, std::size_t waiting)
    : most_(most),
      workers_(threads, most + threads + waiting, Workers::Priority::background),
      cancelled_(std::numeric_limits<std::size_t>::max()),
      canceller_([this] { cancel_all(); }) {}

HeavyWork::~HeavyWork() { stop(); }

std::unique_ptr<HeavyWork::Place> HeavyWork::enter() {
  if (taken_.fetch_add(1) < most_) return std::make_unique<Place>(*this);
  --taken_;
  throw Error(ErrorCode::overloaded, fmt::format("all {} places for long answers are taken", most_),
              "try again later, or raise query.max_running");
}

boost::asio::awaitable<void> HeavyWork::run(std::shared_ptr<Cancellation> asker,
                                            std::function<void()> work) {
  std::function<void()> for_asker = [asker = std::move(asker), work = std::move(work)] {
    const Cancellation::Scope scope(asker);
    Cancellation::check();
    work();
  };
  co_await workers_.run(std::move(for_asker));
}

void HeavyWork::cancel(std::shared_ptr<Cancellation> asker) {
  // After stop() nothing runs that could be cancelled.
  static_cast<void>(cancelled_.push(std::move(asker), 1));
}

void HeavyWork::stop() {
  workers_.stop();
  cancelled_.close();
  if (canceller_.joinable()) canceller_.join();
}

void HeavyWork::cancel_all() {
  while (true) {
    const auto askers = cancelled_.pop_some(1, 1);
    if (askers.empty()) return;
    askers.front()->cancel();
  }
}

}  // namespace logctl
