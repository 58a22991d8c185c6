#include "service/workers.h"

#include "shared/base/error.h"
#include "shared/base/priority.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <iterator>
#include <memory>
#include <utility>

namespace logctl {
namespace {

namespace asio = boost::asio;

// One piece of work and the coroutine that waits for it; the guard keeps its executor running.
template <typename Handler>
struct Job {
  Job(std::function<void()> work_, Handler handler_)
      : work(std::move(work_)),
        handler(std::move(handler_)),
        guard(asio::make_work_guard(asio::get_associated_executor(handler))) {}

  std::function<void()> work;
  Handler handler;
  asio::executor_work_guard<asio::associated_executor_t<Handler>> guard;
};

template <typename JobPointer>
void complete(const JobPointer& job, std::exception_ptr failure) {
  auto resume = [job, failure = std::move(failure)]() mutable {
    auto handler = std::move(job->handler);
    handler(std::move(failure));
  };
  asio::post(job->guard.get_executor(), std::move(resume));
}

}  // namespace

Workers::Workers(std::size_t threads, std::size_t queue, Priority priority)
    : priority_(priority), queue_(std::max<std::size_t>(queue, 1)) {
  const Lock lock(mutex_);
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    threads_.emplace_back([this] { loop(); });
  }
}

Workers::~Workers() { stop(); }

asio::awaitable<void> Workers::run(std::function<void()> work) {
  auto start = [this, &work](auto handler) {
    using Handler = decltype(handler);
    auto job = std::make_shared<Job<Handler>>(std::move(work), std::move(handler));
    std::function<void()> task = [job] {
      std::exception_ptr failure;
      try {
        job->work();
      } catch (...) {
        failure = std::current_exception();
      }
      // What the work holds is freed here, before its caller goes on.
      job->work = nullptr;
      complete(job, std::move(failure));
    };
    const Push pushed = queue_.push(std::move(task), 1);
    if (pushed == Push::ok) return;
    const Error error =
        pushed == Push::full
            ? Error(ErrorCode::overloaded, "too many queries are waiting", "try again later")
            : Error(ErrorCode::unavailable, "the server is stopping");
    complete(job, std::make_exception_ptr(error));
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
      start, asio::use_awaitable);
}

void Workers::stop() {
  queue_.close();
  for (bool more = true; more;) {
    std::vector<std::thread> ending;
    {
      const Lock lock(mutex_);
      ending = std::move(threads_);
      threads_.clear();
      std::move(replaced_.begin(), replaced_.end(), std::back_inserter(ending));
      replaced_.clear();
    }
    for (std::thread& thread : ending) thread.join();
    more = !ending.empty();
  }
}

void Workers::loop() {
  if (priority_ == Priority::background) step_back();
  while (true) {
    auto tasks = queue_.pop_some(1, 1);
    if (tasks.empty()) return;
    begin_work();
    tasks.front()();
    if (priority_ == Priority::usual && stepped_back() && replace_this_thread()) return;
  }
}

bool Workers::replace_this_thread() {
  std::vector<std::thread> ended;
  {
    const Lock lock(mutex_);
    const auto self = std::find_if(threads_.begin(), threads_.end(), [](const std::thread& thread) {
      return thread.get_id() == std::this_thread::get_id();
    });
    if (self == threads_.end()) return false;
    ended.swap(replaced_);
    replaced_.push_back(std::move(*self));
    *self = std::thread([this] { loop(); });
  }
  for (std::thread& thread : ended) thread.join();
  return true;
}

}  // namespace logctl
