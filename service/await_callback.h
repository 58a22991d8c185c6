// Waits from a coroutine for something that another thread will tell by a callback.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace logctl {

// Calls `start(done)`, which sees to it that `done(result)` is called exactly once, on any thread
// and maybe at once; comes back with the result on the coroutine's own executor, whose io thread is
// free meanwhile. The executor's context must outlive the call of `done`. `start` is copied.
template <typename Result, typename Start>
boost::asio::awaitable<Result> await_callback(Start start) {
  namespace asio = boost::asio;
  const auto initiate = [&start](auto handler) {
    using Handler = decltype(handler);
    // The executor counts as having work until the handler was posted to it.
    struct Waiting {
      explicit Waiting(Handler&& waiting)
          : work(asio::make_work_guard(asio::get_associated_executor(waiting))),
            handler(std::move(waiting)) {}
      asio::executor_work_guard<asio::associated_executor_t<Handler>> work;
      Handler handler;
    };
    // Shared because std::function copies; the last owner is the thread that calls it.
    const auto waiting = std::make_shared<Waiting>(std::move(handler));
    std::function<void(Result &&)> done = [waiting](Result&& result) {
      const auto executor = waiting->work.get_executor();
      asio::post(executor,
                 [handler = std::move(waiting->handler), result = std::move(result)]() mutable {
                   std::move(handler)(std::move(result));
                 });
      waiting->work.reset();
    };
    start(std::move(done));
  };
  const asio::use_awaitable_t<> token;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result)>(initiate,
                                                                                       token);
}

}  // namespace logctl
